/**
 * What the card provider has to tell. Anybody may call it; only the provider's signature over the exact bytes counts.
 * An answer other than 2xx makes the provider send the event again.
 */

import { limits } from '@/lib/core/limits'
import { receiveWebhook } from '@/lib/cloud/topup/receive-webhook'
import { handle } from '../../../handle'
import { readBytes } from '../../../read-body'
import { answer, refuse } from '../../../respond'

export const POST = handle(async (cloud, request) => {
  const body = await readBytes(request, limits.requestBytesMax)
  if (!body.ok) return refuse(body.error)
  const signature = request.headers.get(cloud.cards.signatureHeader)
  return answer(await receiveWebhook(cloud, new TextDecoder().decode(body.value), signature))
}, 'webhooks')

/**
 * Charging without an account: POST sets an amount aside on a card, GET fetches the grant that stands for it once the
 * card provider has confirmed. The token that names the order is the phone's secret and travels in a header.
 */

import { toBase64Url } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import type { GuestGrantResponse } from '@/lib/cloud/api-types/payments'
import type { Cloud } from '@/lib/cloud/context'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { startGuestPayment } from '@/lib/cloud/topup/commands'
import { guestProgress, type GuestProgress } from '@/lib/cloud/topup/queries'
import { handle, handleJson } from '../../../handle'
import { readGuestOrder, readGuestToken } from '../../../read-requests'
import { json, refuse } from '../../../respond'

export const dynamic = 'force-dynamic'

export const POST = handleJson(async (cloud, body, request) => {
  const claimToken = readGuestToken(request)
  const order = readGuestOrder(body)
  if (order === undefined || claimToken === undefined) return refuse(refusal('api.malformed'))
  return answerWith(cloud, await startGuestPayment(cloud, { ...order, claimToken }))
}, 'payments')

export const GET = handle(async (cloud, request) => {
  const claimToken = readGuestToken(request)
  if (claimToken === undefined) return refuse(refusal('api.malformed'))
  return answerWith(cloud, await guestProgress(cloud, claimToken))
}, 'payments')

async function answerWith(cloud: Cloud, progress: Result<GuestProgress, Refusal>): Promise<Response> {
  if (!progress.ok) return refuse(progress.error)
  if (progress.value.state !== 'ready') return json(progress.value)
  const response: GuestGrantResponse = {
    state: 'ready',
    grant: toBase64Url(progress.value.grant),
    ...(await currentTrust(cloud)),
  }
  return json(response)
}

/** The time for an offer's nonce: a phone with signal brings it to a charger that lost its clock. */

import { toBase64Url } from '@/lib/core/bytes'
import { refusal } from '@/lib/core/reason'
import type { TimeResponse } from '@/lib/cloud/api-types/wallet'
import { signTime } from '@/lib/cloud/issuance/commands'
import { handleJson } from '../../handle'
import { readNonce } from '../../read-requests'
import { json, refuse } from '../../respond'

export const POST = handleJson(async (cloud, body) => {
  const nonce = readNonce(body)
  if (nonce === undefined) return refuse(refusal('api.malformed'))
  const signed = await signTime(cloud, nonce)
  if (!signed.ok) return refuse(signed.error)
  const response: TimeResponse = { time: toBase64Url(signed.value) }
  return json(response)
}, 'time')

/** Turns a fleet's claim code into a grant for the device that asks. */

import { toBase64Url } from '@/lib/core/bytes'
import { refusal } from '@/lib/core/reason'
import type { ClaimResponse } from '@/lib/cloud/api-types/wallet'
import { claimToken } from '@/lib/cloud/fleet/commands'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { handleJson } from '../../../handle'
import { readClaim } from '../../../read-requests'
import { json, refuse } from '../../../respond'

export const POST = handleJson(async (cloud, body) => {
  const order = readClaim(body)
  if (order === undefined) return refuse(refusal('api.malformed'))
  const claimed = await claimToken(cloud, order)
  if (!claimed.ok) return refuse(claimed.error)
  const { grant, fleetName } = claimed.value
  const response: ClaimResponse = { grant: toBase64Url(grant), fleetName, ...(await currentTrust(cloud)) }
  return json(response)
}, 'codes')

/** A grant for the signed-in driver's device, with everything to check it by. */

import { toBase64Url } from '@/lib/core/bytes'
import { refusal } from '@/lib/core/reason'
import type { GrantResponse } from '@/lib/cloud/api-types/wallet'
import { issueDriverGrant } from '@/lib/cloud/issuance/commands'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { handleSignedInJson } from '../../../handle'
import { readGrantOrder } from '../../../read-requests'
import { json, refuse } from '../../../respond'

export const POST = handleSignedInJson(async (cloud, accountId, body) => {
  const order = readGrantOrder(body)
  if (order === undefined) return refuse(refusal('api.malformed'))
  const issued = await issueDriverGrant(cloud, { ...order, accountId })
  if (!issued.ok) return refuse(issued.error)
  const response: GrantResponse = { grant: toBase64Url(issued.value), ...(await currentTrust(cloud)) }
  return json(response)
})

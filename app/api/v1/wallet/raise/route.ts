/** More than a charger grants a stranger, for the signed-in driver's own grant. */

import { toBase64Url } from '@/lib/core/bytes'
import { refusal } from '@/lib/core/reason'
import type { RaiseResponse } from '@/lib/cloud/api-types/wallet'
import { raiseGrantCap } from '@/lib/cloud/issuance/commands'
import { handleSignedInJson } from '../../../handle'
import { readRaise } from '../../../read-requests'
import { json, refuse } from '../../../respond'

export const POST = handleSignedInJson(async (cloud, accountId, body) => {
  const order = readRaise(body)
  if (order === undefined) return refuse(refusal('api.malformed'))
  const raised = await raiseGrantCap(cloud, { ...order, accountId })
  if (!raised.ok) return refuse(raised.error)
  const response: RaiseResponse = { permit: toBase64Url(raised.value) }
  return json(response)
}, 'raise')

/** The signed-in driver says that the bill of a session is wrong; people look at it. */

import { refusal } from '@/lib/core/reason'
import { disputeReasons } from '@/lib/cloud/cases/case-reasons'
import { disputeSession } from '@/lib/cloud/cases/commands'
import { asChoice, asObject, asText } from '@/lib/cloud/json-shape'
import { walletAccount } from '@/lib/cloud/ledger/accounts'
import { handleSignedInJson } from '../../../handle'
import { answer, refuse } from '../../../respond'

export const POST = handleSignedInJson(async (cloud, accountId, body) => {
  const object = asObject(body)
  const sessionId = asText(object?.['sessionId'], 32)
  const reason = asChoice(object?.['reason'], disputeReasons)
  if (sessionId === undefined || reason === undefined) return refuse(refusal('api.malformed'))
  return answer(await disputeSession(cloud, { sessionId, owner: walletAccount(accountId), reason }))
})

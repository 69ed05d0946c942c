/** The signed-in driver says that the bill of a session is wrong, and hears what people made of it. */

import { refusal } from '@/lib/core/reason'
import { disputeReasons, noteCharsMax } from '@/lib/cloud/cases/case-reasons'
import { disputeSession } from '@/lib/cloud/cases/commands'
import { newsOfOwner } from '@/lib/cloud/cases/session-news'
import { inTenant } from '@/lib/cloud/database/connection'
import { asChoice, asObject, asText } from '@/lib/cloud/json-shape'
import { walletAccount } from '@/lib/cloud/ledger/accounts'
import { handleSignedIn, handleSignedInJson } from '../../../handle'
import { answer, json, refuse } from '../../../respond'

export const GET = handleSignedIn(async (cloud, accountId) => {
  const { tenant } = cloud.config
  const news = await inTenant(cloud.db, tenant, (tx) => newsOfOwner(tx, tenant, walletAccount(accountId)))
  return json({ news })
})

export const POST = handleSignedInJson(async (cloud, accountId, body) => {
  const object = asObject(body)
  const sessionId = asText(object?.['sessionId'], 32)
  const reason = asChoice(object?.['reason'], disputeReasons)
  const note = object?.['note'] === undefined ? '' : asText(object['note'], noteCharsMax)
  if (sessionId === undefined || reason === undefined || note === undefined) {
    return refuse(refusal('api.malformed'))
  }
  return answer(await disputeSession(cloud, { sessionId, owner: walletAccount(accountId), reason, note }))
})

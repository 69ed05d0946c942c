/** Credit for the signed-in driver from a card. */

import { refusal } from '@/lib/core/reason'
import { walletAccount } from '@/lib/cloud/ledger/accounts'
import { topUp } from '@/lib/cloud/topup/commands'
import { handleSignedInJson } from '../../../handle'
import { readTopUp } from '../../../read-requests'
import { answer, refuse } from '../../../respond'

export const POST = handleSignedInJson(async (cloud, accountId, body) => {
  const order = readTopUp(body)
  if (order === undefined) return refuse(refusal('api.malformed'))
  return answer(await topUp(cloud, { ...order, owner: walletAccount(accountId), author: accountId }))
})

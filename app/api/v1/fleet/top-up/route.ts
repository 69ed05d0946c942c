/** Credit for the manager's fleet from a card. */

import { refusal } from '@/lib/core/reason'
import { fleetAccount } from '@/lib/cloud/ledger/accounts'
import { topUp } from '@/lib/cloud/topup/commands'
import { handleMember } from '../../../handle'
import { readTopUp } from '../../../read-requests'
import { answer, refuse } from '../../../respond'

export const POST = handleMember(
  'credit.top-up',
  async (cloud, { accountId, organisationId: fleetId }, body) => {
    const order = readTopUp(body)
    if (order === undefined) return refuse(refusal('api.malformed'))
    return answer(await topUp(cloud, { ...order, owner: fleetAccount(fleetId), author: accountId }))
  },
)

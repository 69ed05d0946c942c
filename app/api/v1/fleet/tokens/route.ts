/** A token for a driver of the manager's fleet. */

import { refusal } from '@/lib/core/reason'
import { issueToken } from '@/lib/cloud/fleet/commands'
import { handleMember } from '../../../handle'
import { readTokenOrder } from '../../../read-requests'
import { answer, refuse } from '../../../respond'

export const POST = handleMember(
  'token.issue',
  async (cloud, { accountId, organisationId: fleetId }, body) => {
    const order = readTokenOrder(body)
    if (order === undefined) return refuse(refusal('api.malformed'))
    return answer(await issueToken(cloud, { ...order, fleetId, author: accountId }))
  },
)

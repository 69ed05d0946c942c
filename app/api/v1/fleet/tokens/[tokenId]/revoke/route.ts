/** Withdraws a token, once the manager has typed the driver's name. */

import { refusal } from '@/lib/core/reason'
import { revokeToken } from '@/lib/cloud/fleet/commands'
import { handleMember } from '../../../../../handle'
import { readConfirmation } from '../../../../../read-requests'
import { answer, refuse } from '../../../../../respond'

export function POST(
  request: Request,
  { params }: { params: Promise<{ tokenId: string }> },
): Promise<Response> {
  return handleMember('token.revoke', async (cloud, { accountId, organisationId: fleetId }, body) => {
    const confirmation = readConfirmation(body)
    const { tokenId } = await params
    if (confirmation === undefined || !/^[0-9a-f]{32}$/.test(tokenId)) return refuse(refusal('api.malformed'))
    return answer(await revokeToken(cloud, { fleetId, tokenId, confirmation, author: accountId }))
  })(request)
}

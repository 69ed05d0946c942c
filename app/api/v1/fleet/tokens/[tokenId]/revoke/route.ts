/** Withdraws a token, once the manager has typed the driver's name. */

import { revokeToken } from '@/lib/cloud/fleet/withdraw-token'
import { withdrawToken } from '@/lib/cloud/operations/tokens'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(
  withdrawToken,
  (cloud, { accountId: author, organisationId: fleetId }, { params: { tokenId }, body }) =>
    revokeToken(cloud, { fleetId, tokenId, confirmation: body.confirmation, author }),
)

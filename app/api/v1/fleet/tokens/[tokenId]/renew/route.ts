/** Lets a token go on. */

import { renewToken } from '@/lib/cloud/fleet/change-token'
import { renewTokenNow } from '@/lib/cloud/operations/tokens'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(
  renewTokenNow,
  (cloud, { accountId: author, organisationId: fleetId }, { params: { tokenId }, body }) =>
    renewToken(cloud, { ...body, fleetId, tokenId, author }),
)

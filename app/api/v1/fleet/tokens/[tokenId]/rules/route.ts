/** Replaces a token's rules. */

import { changeRules } from '@/lib/cloud/fleet/change-token'
import { changeTokenRules } from '@/lib/cloud/operations/tokens'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(
  changeTokenRules,
  (cloud, { accountId: author, organisationId: fleetId }, { params: { tokenId }, body }) =>
    changeRules(cloud, { ...body, fleetId, tokenId, author }),
)

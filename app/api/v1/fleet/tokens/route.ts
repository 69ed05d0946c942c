/** Tokens of the member's fleet. */

import { issueToken } from '@/lib/cloud/fleet/commands'
import { tokensOf } from '@/lib/cloud/fleet/token-list'
import { giveOutToken, listTokens } from '@/lib/cloud/operations/tokens'
import { memberRoute } from '../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(listTokens, (cloud, { organisationId }, { query }) =>
  tokensOf(cloud, organisationId, query),
)

export const POST = memberRoute(
  giveOutToken,
  (cloud, { accountId: author, organisationId: fleetId }, { body }) =>
    issueToken(cloud, { ...body, fleetId, author }),
)

/** One token. */

import { tokenOf } from '@/lib/cloud/fleet/token-list'
import { readToken } from '@/lib/cloud/operations/tokens'
import { memberRoute } from '../../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(readToken, (cloud, { organisationId }, { params: { tokenId } }) =>
  tokenOf(cloud, organisationId, tokenId),
)

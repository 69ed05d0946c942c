/** Who can still spend from a token. */

import { revocationReach } from '@/lib/cloud/fleet/revocation-reach'
import { readTokenReach } from '@/lib/cloud/operations/tokens'
import { memberRoute } from '../../../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(readTokenReach, (cloud, { organisationId }, { params: { tokenId } }) =>
  revocationReach(cloud, organisationId, tokenId),
)

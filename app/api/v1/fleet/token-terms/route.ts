/** What a new token can be made of. */

import { tokenTerms } from '@/lib/cloud/fleet/token-list'
import { readTokenTerms } from '@/lib/cloud/operations/tokens'
import { memberRoute } from '../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(readTokenTerms, (cloud, { organisationId }) =>
  tokenTerms(cloud, organisationId),
)

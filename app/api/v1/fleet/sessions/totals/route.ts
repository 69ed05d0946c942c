/** What the sessions of a filter add up to. */

import { totalSessions } from '@/lib/cloud/operations/sessions'
import { totalsOfFleet } from '@/lib/cloud/sessions/session-list'
import { memberRoute } from '../../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(totalSessions, (cloud, { organisationId }, { query }) =>
  totalsOfFleet(cloud, organisationId, query),
)

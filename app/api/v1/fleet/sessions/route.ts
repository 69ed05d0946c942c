/** Sessions of the member's fleet, a page at a time. */

import { listSessions } from '@/lib/cloud/operations/sessions'
import { sessionsOfFleet } from '@/lib/cloud/sessions/session-list'
import { memberRoute } from '../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(listSessions, (cloud, { organisationId }, { query }) =>
  sessionsOfFleet(cloud, organisationId, query),
)

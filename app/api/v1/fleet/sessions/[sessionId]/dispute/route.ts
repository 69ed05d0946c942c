/** The member's fleet says that the bill of a session is wrong. */

import { openDispute as operation } from '@/lib/cloud/operations/sessions'
import { openDispute } from '@/lib/cloud/sessions/open-dispute'
import { memberRoute } from '../../../../../handle-operation'

export const dynamic = 'force-dynamic'

export const POST = memberRoute(
  operation,
  (cloud, { accountId: author, organisationId: fleetId }, { params, body }) =>
    openDispute(cloud, { ...body, fleetId, author, sessionId: params.sessionId }),
)

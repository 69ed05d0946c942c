/** The evidence of one session of the member's fleet. */

import { readSessionEvidence } from '@/lib/cloud/operations/sessions'
import { evidenceOf } from '@/lib/cloud/sessions/session-evidence'
import { memberRoute } from '../../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(readSessionEvidence, (cloud, { organisationId }, { params }) =>
  evidenceOf(cloud, organisationId, params.sessionId),
)

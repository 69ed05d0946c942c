/** What people did in the organisation. */

import { readAudit } from '@/lib/cloud/operations/organisation'
import { auditOf } from '@/lib/cloud/organisations/audit-log'
import { memberRoute } from '../../../handle-operation'

export const GET = memberRoute(readAudit, (cloud, { organisationId }, { query }) =>
  auditOf(cloud, organisationId, query),
)

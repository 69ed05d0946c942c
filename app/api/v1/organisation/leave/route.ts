/** Leaves the organisation. */

import { leaveOrganisation } from '@/lib/cloud/operations/organisation'
import { leave } from '@/lib/cloud/organisations/commands'
import { memberRoute } from '../../../handle-operation'

export const POST = memberRoute(leaveOrganisation, (cloud, { accountId, organisationId }) =>
  leave(cloud, organisationId, accountId),
)

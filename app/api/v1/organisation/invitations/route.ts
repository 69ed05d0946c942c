/** An invitation to the organisation. */

import { invite } from '@/lib/cloud/operations/organisation'
import { inviteMember } from '@/lib/cloud/organisations/commands'
import { memberRoute } from '../../../handle-operation'

export const POST = memberRoute(invite, (cloud, { accountId: author, organisationId }, { body }) =>
  inviteMember(cloud, { organisationId, author, ...body }),
)

/** Removes a member. */

import { removeFromOrganisation } from '@/lib/cloud/operations/organisation'
import { removeMember } from '@/lib/cloud/organisations/commands'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(
  removeFromOrganisation,
  (cloud, { accountId: author, organisationId }, { params: { memberId } }) =>
    removeMember(cloud, { organisationId, author, memberId }),
)

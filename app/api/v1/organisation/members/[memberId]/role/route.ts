/** Another role for a member. */

import { changeMemberRole } from '@/lib/cloud/operations/organisation'
import { changeRole } from '@/lib/cloud/organisations/commands'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(
  changeMemberRole,
  (cloud, { accountId: author, organisationId }, { params: { memberId }, body: { role } }) =>
    changeRole(cloud, { organisationId, author, memberId, role }),
)

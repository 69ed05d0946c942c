/** Withdraws an invitation. */

import { withdrawInvitation } from '@/lib/cloud/operations/organisation'
import { cancelInvitation } from '@/lib/cloud/organisations/commands'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(
  withdrawInvitation,
  (cloud, { accountId: author, organisationId }, { params: { invitationId } }) =>
    cancelInvitation(cloud, { organisationId, author, invitationId }),
)

/** Whoever follows an invitation joins. */

import { joinOrganisation } from '@/lib/cloud/operations/organisation'
import { acceptInvitation } from '@/lib/cloud/organisations/commands'
import { personRoute } from '../../../handle-operation'

export const POST = personRoute(joinOrganisation, (cloud, accountId, { body: { code, yourName } }) =>
  acceptInvitation(cloud, { code, accountId, name: yourName }),
)

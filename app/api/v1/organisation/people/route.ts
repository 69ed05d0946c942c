/** Who belongs to the organisation and who is invited. */

import { ok } from '@/lib/core/result'
import { listPeople } from '@/lib/cloud/operations/organisation'
import { peopleOf } from '@/lib/cloud/organisations/queries'
import { memberRoute } from '../../../handle-operation'

export const GET = memberRoute(listPeople, async (cloud, { organisationId, may }) => {
  const { members, invitations } = await peopleOf(cloud, organisationId)
  return ok({
    members,
    invitations: may('invitation.read') ? invitations : [],
    sendsMail: cloud.mail !== undefined,
  })
})

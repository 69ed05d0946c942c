/** The organisations of whoever asks, and new fleets. */

import { ok } from '@/lib/core/result'
import { foundFleet, listOrganisations } from '@/lib/cloud/operations/organisation'
import { foundOrganisation } from '@/lib/cloud/organisations/commands'
import { membershipsOf } from '@/lib/cloud/organisations/queries'
import { everyAct, mayAct } from '@/lib/cloud/organisations/roles'
import { personRoute } from '../../handle-operation'

export const GET = personRoute(listOrganisations, async (cloud, accountId) =>
  ok({
    memberships: (await membershipsOf(cloud, accountId)).map((membership) => ({
      ...membership,
      acts: everyAct.filter((act) => mayAct(membership.role, membership.kind, act)),
    })),
    currency: cloud.config.currency,
  }),
)

export const POST = personRoute(foundFleet, (cloud, accountId, { body: { name, yourName, email } }) =>
  foundOrganisation(cloud, { founder: { accountId, name: yourName, email }, name, kind: 'fleet' }),
)

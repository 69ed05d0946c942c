/** The drivers of the member's fleet. */

import { addToRoster } from '@/lib/cloud/drivers/change-roster'
import { driversOf } from '@/lib/cloud/drivers/roster-list'
import { addDriver, listDrivers } from '@/lib/cloud/operations/drivers'
import { ok } from '@/lib/core/result'
import { memberRoute } from '../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(listDrivers, (cloud, { organisationId }, { query }) =>
  driversOf(cloud, organisationId, query),
)

export const POST = memberRoute(
  addDriver,
  async (cloud, { accountId: author, organisationId: fleetId }, { body }) => {
    const { idempotencyKey } = body
    const cells = { name: body.name, reference: body.reference ?? null, email: body.email ?? null }
    const added = await addToRoster(cloud, { fleetId, author, kind: 'drivers', cells, idempotencyKey })
    return added.ok ? ok({ driverId: added.value }) : added
  },
)

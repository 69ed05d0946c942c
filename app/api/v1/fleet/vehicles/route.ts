/** The vehicles of the member's fleet. */

import { addToRoster } from '@/lib/cloud/drivers/change-roster'
import { vehiclesOf } from '@/lib/cloud/drivers/roster-list'
import { addVehicle, listVehicles } from '@/lib/cloud/operations/drivers'
import { ok } from '@/lib/core/result'
import { memberRoute } from '../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(listVehicles, (cloud, { organisationId }, { query }) =>
  vehiclesOf(cloud, organisationId, query),
)

export const POST = memberRoute(
  addVehicle,
  async (cloud, { accountId: author, organisationId: fleetId }, { body }) => {
    const { idempotencyKey } = body
    const cells = { plate: body.plate, name: body.name ?? null, vehicle_class: body.class }
    const added = await addToRoster(cloud, { fleetId, author, kind: 'vehicles', cells, idempotencyKey })
    return added.ok ? ok({ vehicleId: added.value }) : added
  },
)

/** One of the vehicles of the member's fleet. */

import { changeInRoster } from '@/lib/cloud/drivers/change-roster'
import { vehicleOf } from '@/lib/cloud/drivers/roster-list'
import { changeVehicle, readVehicle } from '@/lib/cloud/operations/drivers'
import { memberRoute } from '../../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(readVehicle, (cloud, { organisationId }, { params }) =>
  vehicleOf(cloud, organisationId, params.vehicleId),
)

export const POST = memberRoute(
  changeVehicle,
  (cloud, { accountId: author, organisationId: fleetId }, { params, body }) => {
    const cells = { plate: body.plate, name: body.name ?? null, vehicle_class: body.class }
    return changeInRoster(cloud, { fleetId, author, kind: 'vehicles', id: params.vehicleId, cells })
  },
)

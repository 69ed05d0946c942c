/** Takes one of the vehicles from the list. */

import { removeFromRoster } from '@/lib/cloud/drivers/change-roster'
import { removeVehicle } from '@/lib/cloud/operations/drivers'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(
  removeVehicle,
  (cloud, { accountId: author, organisationId: fleetId }, { params }) =>
    removeFromRoster(cloud, { fleetId, author, kind: 'vehicles', id: params.vehicleId }),
)

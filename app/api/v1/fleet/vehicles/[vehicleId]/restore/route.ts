/** Brings one of the vehicles back. */

import { restoreToRoster } from '@/lib/cloud/drivers/change-roster'
import { restoreVehicle } from '@/lib/cloud/operations/drivers'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(
  restoreVehicle,
  (cloud, { accountId: author, organisationId: fleetId }, { params }) =>
    restoreToRoster(cloud, { fleetId, author, kind: 'vehicles', id: params.vehicleId }),
)

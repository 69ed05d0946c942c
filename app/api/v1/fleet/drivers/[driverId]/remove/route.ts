/** Takes one of the drivers from the list. */

import { removeFromRoster } from '@/lib/cloud/drivers/change-roster'
import { removeDriver } from '@/lib/cloud/operations/drivers'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(
  removeDriver,
  (cloud, { accountId: author, organisationId: fleetId }, { params }) =>
    removeFromRoster(cloud, { fleetId, author, kind: 'drivers', id: params.driverId }),
)

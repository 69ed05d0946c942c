/** Brings one of the drivers back. */

import { restoreToRoster } from '@/lib/cloud/drivers/change-roster'
import { restoreDriver } from '@/lib/cloud/operations/drivers'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(
  restoreDriver,
  (cloud, { accountId: author, organisationId: fleetId }, { params }) =>
    restoreToRoster(cloud, { fleetId, author, kind: 'drivers', id: params.driverId }),
)

/** One of the drivers of the member's fleet. */

import { changeInRoster } from '@/lib/cloud/drivers/change-roster'
import { driverOf } from '@/lib/cloud/drivers/roster-list'
import { changeDriver, readDriver } from '@/lib/cloud/operations/drivers'
import { memberRoute } from '../../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(readDriver, (cloud, { organisationId }, { params }) =>
  driverOf(cloud, organisationId, params.driverId),
)

export const POST = memberRoute(
  changeDriver,
  (cloud, { accountId: author, organisationId: fleetId }, { params, body }) => {
    const cells = { name: body.name, reference: body.reference ?? null, email: body.email ?? null }
    return changeInRoster(cloud, { fleetId, author, kind: 'drivers', id: params.driverId, cells })
  },
)

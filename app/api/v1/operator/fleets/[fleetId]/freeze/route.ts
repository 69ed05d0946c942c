/** The operator's people freeze a fleet's credit. */

import { freezeCredit } from '@/lib/cloud/credit/freeze'
import { freezeFleet } from '@/lib/cloud/operations/operator-fleets'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(freezeFleet, (cloud, { accountId: author }, { params, body }) =>
  freezeCredit(cloud, { ...params, ...body, author }),
)

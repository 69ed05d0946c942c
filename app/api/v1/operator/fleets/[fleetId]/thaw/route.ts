/** The operator's people let a fleet's credit be set aside again. */

import { thawCredit } from '@/lib/cloud/credit/freeze'
import { thawFleet } from '@/lib/cloud/operations/operator-fleets'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(thawFleet, (cloud, { accountId: author }, { params }) =>
  thawCredit(cloud, { ...params, author }),
)

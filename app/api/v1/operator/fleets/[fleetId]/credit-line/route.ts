/** The operator's people set a fleet's credit line. */

import { setCreditLine } from '@/lib/cloud/credit/credit-line'
import { setFleetCreditLine } from '@/lib/cloud/operations/operator-fleets'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(setFleetCreditLine, (cloud, { accountId: author }, { params, body }) =>
  setCreditLine(cloud, { ...params, ...body, author }),
)

/** The operator's people say whose a transfer is. */

import { assignRow } from '@/lib/cloud/credit/bank-rows'
import { assignBankRow } from '@/lib/cloud/operations/operator-payments'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(assignBankRow, (cloud, { accountId: author }, { params, body }) =>
  assignRow(cloud, { ...params, ...body, author }),
)

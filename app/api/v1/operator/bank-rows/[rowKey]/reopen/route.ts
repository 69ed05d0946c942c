/** The operator's people take back that a transfer is nobody's. */

import { reopenRow } from '@/lib/cloud/credit/bank-rows'
import { reopenBankRow } from '@/lib/cloud/operations/operator-payments'
import { memberRoute } from '../../../../../handle-operation'

export const POST = memberRoute(reopenBankRow, (cloud, { accountId: author }, { params }) =>
  reopenRow(cloud, { ...params, author }),
)

/** The operator's people bring in a bank's statement. */

import { importStatement } from '@/lib/cloud/credit/import-statement'
import { importBankStatement } from '@/lib/cloud/operations/operator-payments'
import { memberRoute } from '../../../handle-operation'

/** Each in a transaction of its own: so many take a few seconds, and whoever waits sees how far it is. */
const takenAtOnce = 500

export const POST = memberRoute(importBankStatement, (cloud, { accountId: author }, { body }) =>
  importStatement(cloud, { ...body, most: takenAtOnce, author }),
)

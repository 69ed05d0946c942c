/** The operator's people bring in a bank's statement. */

import { importStatement } from '@/lib/cloud/credit/import-statement'
import { importBankStatement } from '@/lib/cloud/operations/credit'
import { memberRoute } from '../../../handle-operation'

export const POST = memberRoute(importBankStatement, (cloud, { accountId: author }, { body }) =>
  importStatement(cloud, { ...body, author }),
)

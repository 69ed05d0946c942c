/** A month of the fleet's credit. */

import { statementOfMonth } from '@/lib/cloud/credit/statement'
import { readCreditStatement } from '@/lib/cloud/operations/credit'
import { memberRoute } from '../../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(readCreditStatement, (cloud, { organisationId }, { query }) =>
  statementOfMonth(cloud, organisationId, query.month),
)

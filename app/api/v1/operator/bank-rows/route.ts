/** Bank transfers, by what became of them. */

import { bankRowsOf } from '@/lib/cloud/credit/bank-list'
import { listBankRows } from '@/lib/cloud/operations/operator-payments'
import { memberRoute } from '../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(listBankRows, (cloud, _member, { query }) => bankRowsOf(cloud, query))

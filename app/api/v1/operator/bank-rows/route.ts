/** Transfers that wait for somebody to say whose they are. */

import { openBankRows } from '@/lib/cloud/credit/bank-rows'
import { listBankRows } from '@/lib/cloud/operations/credit'
import { memberRoute } from '../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(listBankRows, (cloud) => openBankRows(cloud))

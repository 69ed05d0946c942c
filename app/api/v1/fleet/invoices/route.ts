/** The fleet's invoices. */

import { invoicesOfFleet } from '@/lib/cloud/invoices/queries'
import { listInvoices } from '@/lib/cloud/operations/invoices'
import { memberRoute } from '../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(listInvoices, (cloud, { organisationId }, { query }) =>
  invoicesOfFleet(cloud, organisationId, query),
)

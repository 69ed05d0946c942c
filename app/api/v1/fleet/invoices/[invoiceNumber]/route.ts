/** One invoice with its lines. */

import { invoiceOf, shownInvoice } from '@/lib/cloud/invoices/queries'
import { readInvoice } from '@/lib/cloud/operations/invoices'
import { ok } from '@/lib/core/result'
import { memberRoute } from '../../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = memberRoute(readInvoice, async (cloud, { organisationId }, { params }) => {
  const invoice = await invoiceOf(cloud, organisationId, params.invoiceNumber)
  return invoice.ok ? ok(shownInvoice(invoice.value)) : invoice
})

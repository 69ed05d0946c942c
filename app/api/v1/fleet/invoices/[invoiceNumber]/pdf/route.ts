/** The invoice as a PDF, drawn from what was written when it was made. */

import { invoicePaper } from '@/lib/cloud/invoices/invoice-paper'
import { invoiceOf } from '@/lib/cloud/invoices/queries'
import { downloadInvoice } from '@/lib/cloud/operations/invoices'
import { ok } from '@/lib/core/result'
import { fileRoute } from '../../../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = fileRoute(downloadInvoice, async (cloud, { organisationId }, { params }) => {
  const invoice = await invoiceOf(cloud, organisationId, params.invoiceNumber)
  if (!invoice.ok) return invoice
  const headers = {
    'content-type': 'application/pdf',
    'content-disposition': `attachment; filename="invoice-${params.invoiceNumber}.pdf"`,
  }
  return ok(new Response(invoicePaper(invoice.value), { headers }))
})

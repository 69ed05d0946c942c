/** The table of what an invoice is made of, written while it is read. */

import { exportEntries } from '@/lib/cloud/invoices/export-entries'
import { exportInvoiceSessions } from '@/lib/cloud/operations/invoices'
import { ok } from '@/lib/core/result'
import { fileRoute } from '../../../../../handle-operation'

export const dynamic = 'force-dynamic'

export const POST = fileRoute(
  exportInvoiceSessions,
  async (cloud, { accountId: author, organisationId: fleetId }, { params, body }) => {
    const { invoiceNumber } = params
    const table = await exportEntries(cloud, { fleetId, author, locale: body.locale ?? 'en', invoiceNumber })
    if (!table.ok) return table
    const headers = {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="invoice-${invoiceNumber}-sessions.csv"`,
    }
    return ok(new Response(table.value, { headers }))
  },
)

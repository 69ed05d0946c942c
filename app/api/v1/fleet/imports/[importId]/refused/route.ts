/** The refused rows of an import as a table. */

import { refusedRowsOf } from '@/lib/cloud/drivers/imports'
import { saveRefusedRows } from '@/lib/cloud/operations/drivers'
import { ok } from '@/lib/core/result'
import { fileRoute } from '../../../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = fileRoute(saveRefusedRows, async (cloud, { organisationId }, { params: { importId } }) => {
  const table = await refusedRowsOf(cloud, organisationId, importId)
  if (!table.ok) return table
  return ok(
    new Response(table.value, {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="outpost-refused.csv"',
      },
    }),
  )
})

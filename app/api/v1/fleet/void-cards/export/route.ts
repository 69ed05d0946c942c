/** The void list as a table. */

import { exportVoidCards } from '@/lib/cloud/operations/printed-cards'
import { voidTable } from '@/lib/cloud/printed-cards/void-table'
import { ok } from '@/lib/core/result'
import { fileRoute } from '../../../../handle-operation'

export const dynamic = 'force-dynamic'

export const GET = fileRoute(exportVoidCards, async (cloud, { organisationId }, { query }) => {
  const table = await voidTable(cloud, organisationId, query.locale ?? 'en')
  if (!table.ok) return table
  return ok(
    new Response(table.value, {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="outpost-void-cards.csv"',
      },
    }),
  )
})

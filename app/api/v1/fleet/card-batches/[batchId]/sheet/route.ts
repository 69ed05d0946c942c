/** The cards of a batch as a PDF. It is money: nothing on the way keeps it (`cache-control: no-store` of every answer). */

import { printCardSheet } from '@/lib/cloud/operations/printed-cards'
import { printSheet } from '@/lib/cloud/printed-cards/print-sheet'
import { ok } from '@/lib/core/result'
import { fileRoute } from '../../../../../handle-operation'

export const dynamic = 'force-dynamic'

export const POST = fileRoute(
  printCardSheet,
  async (cloud, { accountId: author, organisationId: fleetId }, { params, body: { locale = 'en' } }) => {
    const sheet = await printSheet(cloud, { ...params, fleetId, author, locale })
    if (!sheet.ok) return sheet
    return ok(
      new Response(sheet.value.bytes, {
        headers: {
          'content-type': 'application/pdf',
          'content-disposition': `attachment; filename="${sheet.value.name}"`,
        },
      }),
    )
  },
)

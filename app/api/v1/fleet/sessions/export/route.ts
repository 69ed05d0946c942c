/** The table of all sessions that fit a filter, written while it is read. */

import { refusal } from '@/lib/core/reason'
import { exportSessionTable } from '@/lib/cloud/operations/sessions'
import { exportSessions } from '@/lib/cloud/sessions/export-sessions'
import { handleMember } from '../../../../handle'
import { refuse } from '../../../../respond'

export const dynamic = 'force-dynamic'

export const POST = handleMember(
  'session.export',
  async (cloud, { accountId: author, organisationId: fleetId }, body) => {
    const asked = exportSessionTable.body.safeParse(body)
    if (!asked.success) return refuse(refusal('api.malformed'))
    const { locale = 'en', ...filter } = asked.data
    return new Response(await exportSessions(cloud, { fleetId, author, locale, filter }), {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="outpost-sessions.csv"',
      },
    })
  },
)

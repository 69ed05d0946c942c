/**
 * Rows that nobody can ask for any more. A grant's chain and declines outlive it by the time that holds do; a session
 * stays until the issuer has its receipt and a driver has had two months to scan it once more.
 */

import type { EpochSeconds } from '@/lib/core/units'
import type { Journal, ProjectionWrite } from '@/lib/journal/journal'
import { riskDefaults } from '@/lib/policy/defaults'
import { rows, type KioskTable } from '../session/records'

const dayS = 86_400
const holdOutlivesGrantS = riskDefaults.holdOutlivesGrantDays * dayS
const receiptKeptS = 60 * dayS

type Write = ProjectionWrite<KioskTable>

/** @param isSettled whether the issuer has confirmed a session's receipt. */
export function staleRows(
  journal: Journal<KioskTable>,
  nowS: EpochSeconds,
  isSettled: (sessionId: string) => boolean,
): readonly Write[] {
  return [
    ...staleIn(journal, 'chain', (_key, value) => {
      const row = rows.chain.decode(value)
      return row.ok && row.value.expiresAtS + holdOutlivesGrantS < nowS
    }),
    ...staleIn(journal, 'declined', (_key, value) => {
      const row = rows.declined.decode(value)
      return row.ok && row.value.expiresAtS + holdOutlivesGrantS < nowS
    }),
    ...staleIn(journal, 'session', (key, value) => {
      const row = rows.session.decode(value)
      if (!row.ok || row.value.endedAtS === undefined) return false
      return row.value.endedAtS + receiptKeptS < nowS && isSettled(key)
    }),
  ]
}

/** One page at a time: whatever is left over goes the next time. */
function staleIn(
  journal: Journal<KioskTable>,
  table: KioskTable,
  isStale: (key: string, value: Uint8Array) => boolean,
): readonly Write[] {
  const page = journal.list(table)
  if (!page.ok) return []
  return page.value
    .filter(({ key, value }) => isStale(key, value))
    .map(({ key }) => ({ table, key, value: null }))
}

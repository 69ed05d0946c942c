/**
 * Rows that nobody can ask for any more. A grant's chain, declines and sessions outlive it by the time that holds do; a
 * session stays besides until the issuer has its receipt and a driver has had two months to scan it once more.
 */

import type { EpochSeconds } from '@/lib/core/units'
import { ok, type Result } from '@/lib/core/result'
import type { Journal, JournalFault, ProjectionWrite } from '@/lib/journal/journal'
import { decodeJournalEvent } from '@/lib/protocol/journal-event'
import { parseMessage } from '@/lib/protocol/message'
import { grant } from '@/lib/protocol/messages/grant'
import { permit } from '@/lib/protocol/messages/permit'
import { rows, type KioskTable, type SessionRow } from '../session/records'
import { isRemembered } from '../session/remembered'

const dayS = 86_400
const receiptKeptS = 60 * dayS

type Write = ProjectionWrite<KioskTable>

/**
 * @param floorS that time is certainly past, now and after every restart: what goes now is never asked about as young.
 * @param isSettled whether the issuer has confirmed a session's receipt.
 */
export function staleRows(
  journal: Journal<KioskTable>,
  floorS: EpochSeconds,
  isSettled: (sessionId: string) => boolean,
): readonly Write[] {
  return [
    ...staleIn(journal, 'chain', (_key, value) => {
      const row = rows.chain.decode(value)
      return row.ok && !isRemembered(row.value.expiresAtS, floorS)
    }),
    ...staleIn(journal, 'declined', (_key, value) => {
      const row = rows.declined.decode(value)
      return row.ok && !isRemembered(row.value.expiresAtS, floorS)
    }),
    ...staleIn(journal, 'session', (key, value) => {
      const row = rows.session.decode(value)
      if (!row.ok || row.value.endedAtS === undefined) return false
      return row.value.endedAtS + receiptKeptS < floorS && isSettled(key) && !mayReturn(row.value, floorS)
    }),
    ...staleIn(journal, 'permit', (_key, value) => {
      const parsed = parseMessage(permit, value)
      return parsed.ok && !isRemembered(parsed.value.payload.notAfterS, floorS)
    }),
    ...staleIn(journal, 'bearer', (_key, value) => {
      const row = rows.bearer.decode(value)
      return row.ok && !isRemembered(row.value.expiresAtS, floorS)
    }),
    // No charger repeats what is older.
    ...staleIn(journal, 'begun', (_key, value) => {
      const row = rows.begun.decode(value)
      return row.ok && row.value.atS + begunKeptS < floorS
    }),
    // A site's book of a grant goes with what this charger knows of the grant itself.
    ...staleIn(journal, 'spent', (key) => {
      const chain = journal.get('chain', key)
      return chain.ok && chain.value === undefined
    }),
  ]
}

/** Its authorization, shown once more, must meet what became of it; a card cannot be shown for an old session. */
function mayReturn({ grant: bytes }: SessionRow, floorS: EpochSeconds): boolean {
  const parsed = bytes === undefined ? undefined : parseMessage(grant, bytes)
  return parsed?.ok === true && isRemembered(parsed.value.payload.notAfterS, floorS)
}

/** Longer than any charger keeps a transaction to tell of. */
const begunKeptS = 100 * dayS

/** How long events stay after they are acknowledged: as long as a driver may ask for a receipt, and support for a story. */
const eventsKeptS = 60 * dayS

/**
 * Drops the events that the issuer has held for two months. The log's root and every proof above the cut stay as they
 * were; rows that a running session or an unsettled receipt needs stand beside the log and are not touched.
 */
export function purgeLog(journal: Journal<KioskTable>, nowS: EpochSeconds): Result<number, JournalFault> {
  const { purgedSize, acknowledgedSize } = journal
  const read = journal.read(purgedSize, acknowledgedSize)
  if (!read.ok) return read
  const young = read.value.findIndex(({ payload }) => {
    const event = decodeJournalEvent(payload)
    return !event.ok || event.value.timeS + eventsKeptS >= nowS
  })
  const count = young === -1 ? read.value.length : young
  return count === 0 ? ok(0) : journal.purge(purgedSize + count)
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

/**
 * The diagnostics bundle: one JSON file with what somebody needs to help from afar, and nothing about any driver. Of events
 * it has kind, time and leaf hash alone; what they say (grants, cards, sessions, and details of incidents, which quote
 * chargers and tags) stays on the charger. The signed checkpoint lets anybody tie it to the log.
 */

import { toBase64Url, toHex } from '@/lib/core/bytes'
import type { Journal } from '@/lib/journal/journal'
import { leafHash } from '@/lib/log/hash'
import { decodeJournalEvent } from '@/lib/protocol/journal-event'
import type { VerifiedMessage } from '@/lib/protocol/message'
import type { Checkpoint } from '@/lib/protocol/messages/checkpoint'
import type { TechnicianBundle } from '../screen-protocol-technician'
import type { ReportBody } from './report'

/** The last day or two of a busy charger; about 60 kB. */
const eventsMax = 500

export interface MadeBundle {
  readonly told: TechnicianBundle
  readonly fileName: string
  readonly text: string
}

export function makeBundle(
  report: ReportBody,
  journal: Journal,
  checkpoint: VerifiedMessage<Checkpoint>,
): MadeBundle {
  const read = journal.read(Math.max(journal.purgedSize, journal.size - eventsMax), journal.size)
  const events = (read.ok ? read.value : []).map(({ seq, payload }) => {
    const event = decodeJournalEvent(payload)
    return {
      seq,
      kind: event.ok ? event.value.kind : 'unreadable',
      // Of an incident its name, which is from a list of ours.
      ...(event.ok && event.value.kind === 'incident' ? { what: event.value.what } : {}),
      ...(event.ok && 'timeS' in event.value ? { timeS: event.value.timeS } : {}),
      leaf: toHex(leafHash(payload)),
    }
  })
  const { health, roads, counters, bays, seals, chargerId, nowS } = report
  const content = {
    format: 'outpost-diagnostics/1',
    chargerId,
    madeAtS: nowS,
    checkpoint: toBase64Url(checkpoint.bytes),
    health,
    roads,
    counters,
    bays,
    seals,
    events,
  }
  const text = `${JSON.stringify(content, undefined, 1)}\n`
  const parts = { health, roads, counters, bays, seals, events }
  return {
    told: {
      madeAtS: nowS,
      bytes: new TextEncoder().encode(text).length,
      parts: Object.entries(parts).map(([part, list]) => ({ part, count: list.length })),
    },
    fileName: `outpost-${chargerId}-${nowS}.json`,
    text,
  }
}

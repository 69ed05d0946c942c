/**
 * What the meter signed about a running session: its first record and its last are kept byte for byte, and what they say
 * together is held against the bill at the end. The bill follows the register that the charger reports, whatever the
 * records say; a contradiction becomes an incident with the records as evidence, and people look at it.
 */

import { toBytes } from '@/lib/core/bytes'
import type { MessageHash, SessionId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { wattHours } from '@/lib/core/units'
import { deliveryOf, disagreement } from '@/lib/metering/delivery'
import { recordsHash, type ExaminedRecord, type RecordFault } from '@/lib/metering/meter-record'
import type { JournalEvent } from '@/lib/protocol/journal-event'
import type { Final, Now, Session } from './connector-state'
import type { MeterRecords } from './kept-records'
import { incident } from './step'
import { tagOf } from './transaction-tag'

/** The record may be as good as any; nobody here can tell. It is kept, and whoever has the key can tell later. */
const undecided: readonly RecordFault[] = ['key-missing', 'key-unreadable', 'algorithm', 'not-ocmf']

export interface TakenRecords {
  readonly records: MeterRecords
  readonly journal: readonly JournalEvent[]
  /** What is in the journal now, to be said once a session. */
  readonly reported: readonly string[]
}

export function takeRecords(
  before: MeterRecords,
  examined: readonly ExaminedRecord[],
  reported: readonly string[],
  sessionId: SessionId,
  now: Now,
): TakenRecords {
  let { kept, keyText } = before
  const journal: JournalEvent[] = []
  const said = [...reported]
  for (const one of examined) {
    keyText = one.keyText ?? keyText
    const isKept = one.fault === undefined || undecided.includes(one.fault.code)
    if (isKept) kept = withRecord(kept, one)
    if (one.fault === undefined) continue
    const what = `meter.record-${one.fault.code}`
    if (said.includes(what)) continue
    said.push(what)
    // What contradicts itself, its signature or the key that was vouched for goes with the incident, at once.
    const isEvidence = !isKept && one.record.length <= limits.meterRecordBytesMax
    if (isEvidence) journal.push(recordsEvent([one], sessionId, now))
    journal.push(incident(what, one.fault.detail, sessionId, now))
  }
  return { records: { ...before, kept, keyText }, journal, reported: said }
}

function withRecord(kept: readonly ExaminedRecord[], one: ExaminedRecord): readonly ExaminedRecord[] {
  if (one.record.length > limits.meterRecordBytesMax) return kept
  const [first] = kept
  if (first === undefined) return [one]
  // Sent again, or a retry of the message that it came in.
  return kept.some(({ record }) => isSame(record, one.record)) ? kept : [first, one]
}

const isSame = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && left.every((byte, index) => byte === right[index])

export interface ClosedRecords {
  readonly hash: MessageHash | undefined
  /** Before the session's end in the journal, and durable with it. */
  readonly journal: readonly JournalEvent[]
}

export function closeRecords(
  { kept, isExpected }: MeterRecords,
  session: Session,
  final: Final,
  now: Now,
): ClosedRecords {
  const { sessionId } = session
  const hasDelivered = final.meterStopWh > final.meterStartWh
  if (kept.length === 0) {
    const isMissed = isExpected && hasDelivered
    const absent = incident('meter.record-absent', 'the meter signed nothing', sessionId, now)
    return { hash: undefined, journal: isMissed ? [absent] : [] }
  }
  const fault = contradiction(kept, session, final, now)
  const journal = [recordsEvent(kept, sessionId, now)]
  if (fault !== undefined) {
    journal.push(incident(`meter.record-${fault.fault}`, fault.detail, sessionId, now))
  }
  return { hash: recordsHash(kept.map(({ record }) => record)), journal }
}

function contradiction(
  kept: readonly ExaminedRecord[],
  session: Session,
  final: Final,
  now: Now,
): { readonly fault: string; readonly detail: string } | undefined {
  const verified = kept.flatMap(({ ocmf, fault }) =>
    ocmf === undefined || fault !== undefined ? [] : [ocmf],
  )
  if (verified.length === 0) return undefined
  const delivery = deliveryOf(verified)
  if (!delivery.ok) return delivery.error
  return disagreement(delivery.value, verified, {
    energyWh: wattHours(Math.max(0, final.meterStopWh - final.meterStartWh)),
    tag: tagOf(session.sessionId),
    startS: now.clockQuality === 'unknown' ? undefined : final.startS,
  })
}

function recordsEvent(examined: readonly ExaminedRecord[], sessionId: SessionId, now: Now): JournalEvent {
  const keyText = examined.findLast((one) => one.keyText !== undefined)?.keyText
  // A key that is no text is no key; the record says enough without it.
  const isText = keyText !== undefined && /^[\x20-\x7e\s]+$/.test(keyText)
  return {
    kind: 'meter-records',
    timeS: now.timeS,
    sessionId,
    records: examined.map(({ record }) => toBytes(record)),
    ...(isText ? { key: keyText } : {}),
  }
}

/**
 * What a charger's log says about the charger itself: its clock leapt, its meter contradicts itself, or it is certified
 * and unknown to the books. Pure. One case for a charger and a kind, with whatever shows it, so that a charger that
 * flickers for months fills one case and not the list.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { MeterCrypto } from '@/lib/crypto/meter-signature'
import { recordLines } from '@/lib/metering/meter-record'
import type { EventOf, JournalEvent } from '@/lib/protocol/journal-event'
import type { VerifiedBundle } from '@/lib/sync/bundle'
import { caseCodes, type CaseKind } from '../cases/case-kinds'
import type { NewCase } from '../cases/file-evidence'
import type { ReceiptEvidence } from './evidence'
import { contradictedBill, isTechnical } from './meter-findings'

/** What chargers write into their own logs, and what it is a case of. Other incidents are a technician's business. */
const incidentKinds: Readonly<Record<string, CaseKind>> = {
  'clock.jump': 'clock-jump',
  'meter.ran-back': 'meter-mismatch',
  'meter.jumped': 'meter-mismatch',
  'meter.stop-below-start': 'meter-mismatch',
  'card.over-credit': 'card-over-credit',
}

const recordPrefix = 'meter.record-'

/** What a charger says about signed records is a case where it contradicts somebody, and a technician's where it lacks a key. */
const kindOf = (what: string): CaseKind | undefined => {
  if (!what.startsWith(recordPrefix)) return incidentKinds[what]
  return isTechnical(what.slice(recordPrefix.length)) ? undefined : 'meter-mismatch'
}

/** A clock may be off by this much before anybody looks: it bounds neither a bill nor a validity. */
const clockToleranceS = 3_600

/** A word of a log that is about no money, and whose log it is. */
export interface DeviceNote {
  readonly device: string
  readonly event: EventOf<'incident'> | EventOf<'started'> | EventOf<'meter-records'>
  readonly bytes: Bytes
}

export const isNote = (event: JournalEvent): event is DeviceNote['event'] =>
  event.kind === 'incident' || event.kind === 'started' || event.kind === 'meter-records'

/** What was looked at before gives the same cases again. `receipts` are those that came beside the notes. */
export function findingsInLogs(
  notes: readonly DeviceNote[],
  receipts: readonly ReceiptEvidence[],
  crypto: MeterCrypto,
): readonly NewCase[] {
  if (notes.length === 0) return []
  const bills = new Map(receipts.map((piece) => [piece.sessionId, piece]))
  return notes.flatMap(({ device, event, bytes }) => {
    const said = { label: 'incident', bytes }
    if (event.kind === 'incident') {
      const kind = kindOf(event.what)
      return kind === undefined ? [] : [finding(kind, device, [said, ...recordsBeside(event, device, notes)])]
    }
    const bill = bills.get(event.sessionId)
    if (bill?.chargerId !== device) return []
    if (event.kind === 'meter-records') {
      const evidence = contradictedBill(event, bill, crypto)
      return evidence === undefined ? [] : [finding('meter-mismatch', device, evidence)]
    }
    if (bill.receipt.meterStartWh === event.meterStartWh) return []
    return [finding('meter-mismatch', device, [{ label: 'receipt', bytes: bill.bytes }, said])]
  })
}

/** The records that a charger's word about them goes with: they stand before it in the same log. */
function recordsBeside(
  { what, sessionId }: EventOf<'incident'>,
  device: string,
  notes: readonly DeviceNote[],
): NewCase['evidence'] {
  if (!what.startsWith(recordPrefix) || sessionId === undefined) return []
  return notes.flatMap(({ device: other, event }) =>
    other === device && event.kind === 'meter-records' && event.sessionId === sessionId
      ? [{ label: 'meter-record', bytes: recordLines(event.records) }]
      : [],
  )
}

/** The time on a checkpoint that made the log longer: it cannot lie before the last one's, nor after now. */
export function findingsInTime(
  { checkpoint: { payload, bytes } }: VerifiedBundle,
  lastCheckpointAtS: number,
  nowS: number,
): readonly NewCase[] {
  const wentBack = payload.timeS + clockToleranceS < lastCheckpointAtS
  const isAhead = payload.timeS > nowS + clockToleranceS
  return wentBack || isAhead ? [finding('clock-jump', payload.device, [{ label: 'checkpoint', bytes }])] : []
}

/** Our issuer certified it and our books never heard of it: a backup was restored here, or a key is in wrong hands. */
export const unknownDevice = ({ checkpoint }: VerifiedBundle, certificate: Bytes): NewCase =>
  finding('unknown-device', checkpoint.payload.device, [
    { label: 'certificate', bytes: certificate },
    { label: 'checkpoint', bytes: checkpoint.bytes },
  ])

const finding = (kind: CaseKind, chargerId: string, evidence: NewCase['evidence']): NewCase => ({
  kind,
  code: caseCodes[kind],
  chargerId,
  evidence,
})

/**
 * Whether a bill says what the meter signed, found out here once more: a charger that bills too much would not say so
 * itself. The records came under its checkpoint, the receipt names them by their hash, and the meter's key stands in the
 * certificate that the charger's offers went out with. Pure.
 */

import { utf8 } from '@/lib/core/bytes'
import type { MessageHash } from '@/lib/core/ids'
import { wattHours } from '@/lib/core/units'
import type { MeterCrypto } from '@/lib/crypto/meter-signature'
import { deliveryOf, disagreement, type DeliveryFault } from '@/lib/metering/delivery'
import { examineRecord, recordLines, recordsHash, type RecordFault } from '@/lib/metering/meter-record'
import type { Ocmf } from '@/lib/metering/ocmf'
import type { EventOf } from '@/lib/protocol/journal-event'
import { parseMessage } from '@/lib/protocol/message'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import type { Receipt } from '@/lib/protocol/messages/receipt'
import type { NewCase } from '../cases/file-evidence'
import type { ReceiptEvidence } from './evidence'

/** The record may be right; it takes a key, a format or a second record that nobody here has. A technician's business. */
const unprovable: readonly (RecordFault | DeliveryFault)[] = [
  'key-missing',
  'key-unreadable',
  'algorithm',
  'not-ocmf',
  'too-large',
  'no-begin',
  'no-end',
  'unit',
]

/** Faults in a charger's own words about records (`meter.record-…`) that are nobody's case. */
export const isTechnical = (fault: string): boolean => (unprovable as readonly string[]).includes(fault)

/** What contradicts the bill, with the meter's bytes; undefined where nothing does. */
export function contradictedBill(
  { records, key }: EventOf<'meter-records'>,
  { bytes, certificateBytes, receipt }: ReceiptEvidence,
  crypto: MeterCrypto,
): NewCase['evidence'] | undefined {
  if (receipt.meterRecordHash !== recordsHash(records)) return undefined
  const trust = { crypto, keyHash: keyHashIn(certificateBytes), knownKey: key }
  const examined = records.map((record) =>
    examineRecord({ data: new TextDecoder().decode(record), publicKey: key }, trust),
  )
  const isRefuted = examined.some(({ fault }) => fault !== undefined && !isTechnical(fault.code))
  const signed = examined.flatMap(({ ocmf, fault }) =>
    ocmf === undefined || fault !== undefined ? [] : [ocmf],
  )
  if (!isRefuted && !contradicts(signed, receipt)) return undefined
  const keyPiece = key === undefined ? [] : [{ label: 'meter-key', bytes: utf8(key) }]
  return [
    { label: 'receipt', bytes },
    { label: 'meter-record', bytes: recordLines(records) },
    ...keyPiece,
    { label: 'certificate', bytes: certificateBytes },
  ]
}

function contradicts(signed: readonly Ocmf[], receipt: Receipt): boolean {
  if (signed.length === 0) return false
  const delivery = deliveryOf(signed)
  if (!delivery.ok) return !isTechnical(delivery.error.fault)
  const { sessionId, meterStartWh, meterStopWh, startS, clockQuality } = receipt
  const billed = {
    energyWh: wattHours(Math.max(0, meterStopWh - meterStartWh)),
    tag: transactionTag(sessionId),
    startS: clockQuality === 'unknown' ? undefined : startS,
  }
  return disagreement(delivery.value, signed, billed) !== undefined
}

/** With which chargers start the transaction of a session. */
const transactionTag = (id: string): string => id.slice(0, 20)

function keyHashIn(certificate: Uint8Array): MessageHash | undefined {
  const parsed = parseMessage(chargerCertificate, certificate)
  return parsed.ok ? parsed.value.payload.meterKeyHash : undefined
}

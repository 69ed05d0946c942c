/** From the signed pieces of a receipt to what they say, for the driver's page, the paper and everybody's check. */

import type { MeterRecordFacts, ReceiptFacts } from '@/components/driver/receipt-facts'
import type { Authorization } from '@/lib/protocol/messages/authorization'
import type { ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import type { Offer } from '@/lib/protocol/messages/offer'
import type { Receipt } from '@/lib/protocol/messages/receipt'
import { operatorName } from './operator-name'

export interface ReceiptPieces {
  readonly receipt: Receipt
  readonly certificate: ChargerCertificate
  readonly offer: Offer
  readonly authorization: Pick<Authorization, 'holdMinor'>
}

export function receiptFacts(
  { receipt, certificate, offer, authorization }: ReceiptPieces,
  recomputedMinor: number | null,
): ReceiptFacts {
  const { lines } = receipt
  return {
    operatorName: operatorName(certificate.operator),
    siteLabel: certificate.siteLabel,
    bayLabel: certificate.bayLabel,
    chargerId: certificate.chargerId,
    receiptNumber: receipt.counter,
    sessionId: receipt.sessionId,
    startS: receipt.startS,
    durationS: receipt.chargingS + receipt.idleS,
    energyWh: Math.max(0, receipt.meterStopWh - receipt.meterStartWh),
    meterStartWh: receipt.meterStartWh,
    meterStopWh: receipt.meterStopWh,
    stopReason: receipt.stopReason === 'never-started' ? 'other' : receipt.stopReason,
    currency: receipt.currency,
    lines: [
      { kind: 'energy' as const, amountMinor: lines.energyMinor },
      { kind: 'time' as const, amountMinor: lines.timeMinor },
      { kind: 'session' as const, amountMinor: lines.sessionMinor },
      { kind: 'idle' as const, amountMinor: lines.idleMinor },
    ].filter(({ kind, amountMinor }) => kind === 'energy' || amountMinor > 0),
    totalMinor: receipt.totalMinor,
    taxMinor: receipt.taxMinor,
    tariff: offer.tariff,
    holdMinor: authorization.holdMinor,
    recomputedMinor,
    logState: receipt.checkpointHash,
    meterRecord: meterRecord(receipt, certificate),
  }
}

/** Energy that did not flow needs no signature. */
function meterRecord(receipt: Receipt, { meterKeyHash }: ChargerCertificate): MeterRecordFacts {
  const { meterRecordHash, meterStartWh, meterStopWh } = receipt
  const isVouched = meterKeyHash !== undefined
  if (meterRecordHash !== undefined) {
    return { state: isVouched ? 'vouched' : 'named', hash: meterRecordHash }
  }
  return { state: isVouched && meterStopWh > meterStartWh ? 'missing' : 'none', hash: null }
}

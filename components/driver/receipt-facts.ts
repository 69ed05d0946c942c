/** What a receipt says, whether or not it is true: plain figures, for the driver's own page and for everybody's. */

import type { TariffFigures } from '@/lib/format/tariff-lines'

export interface ReceiptLine {
  readonly kind: 'energy' | 'time' | 'session' | 'idle'
  readonly amountMinor: number
}

export type ReceiptStopReason =
  | 'stop-code'
  | 'phone'
  | 'unplugged'
  | 'hold-reached'
  | 'vehicle'
  | 'limit'
  | 'fault'
  | 'power-cut'
  | 'card'
  | 'other'

/**
 * What the meter itself signed, as the receipt names it. `vouched`: under a key that the operator vouches for; `named`:
 * under one that nobody here knows; `missing`: this meter signs, and the receipt names nothing; `none`: it does not sign.
 */
export interface MeterRecordFacts {
  readonly state: 'vouched' | 'named' | 'missing' | 'none'
  /** Hash of the meter's records, to be held against a copy of them. */
  readonly hash: string | null
}

export interface ReceiptFacts {
  readonly operatorName: string
  readonly siteLabel: string
  readonly bayLabel: string
  readonly chargerId: string
  readonly receiptNumber: number
  readonly sessionId: string
  readonly startS: number
  readonly durationS: number
  readonly energyWh: number
  readonly meterStartWh: number
  readonly meterStopWh: number
  readonly stopReason: ReceiptStopReason
  readonly currency: string
  readonly lines: readonly ReceiptLine[]
  readonly totalMinor: number
  /** Included in the total. */
  readonly taxMinor: number
  readonly tariff: TariffFigures
  readonly holdMinor: number
  /** What meter and price give; null where they give nothing. */
  readonly recomputedMinor: number | null
  /** Digest of the newest state of the charger's log when it signed. */
  readonly logState: string
  readonly meterRecord: MeterRecordFacts
}

export type ReceiptCheckName =
  'receipt-signature' | 'offer-signature' | 'session' | 'hold' | 'amount' | 'issuer' | 'certificate-time'

export interface ReceiptCheck {
  readonly name: ReceiptCheckName
  /** `open`: nothing speaks against it, but here and now nobody can tell. */
  readonly outcome: 'passed' | 'failed' | 'open'
}

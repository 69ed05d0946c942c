/** Everything that a receipt shows, and what this phone found when it checked it. */

import type { DisputeReason } from './receipt-dispute'
import type { ReceiptState } from './receipt-summary'

export interface ReceiptLine {
  readonly kind: 'energy' | 'time' | 'session' | 'idle'
  readonly amountMinor: number
}

export interface ReceiptView {
  readonly sessionId: string
  readonly state: ReceiptState
  /** When the state last changed: scanned, seen or settled. */
  readonly stateAtS: number
  readonly siteLabel: string
  readonly bayLabel: string
  readonly chargerId: string
  readonly operatorName: string
  readonly currency: string
  readonly lines: readonly ReceiptLine[]
  readonly totalMinor: number
  /** Included in the total. */
  readonly taxMinor: number
  readonly taxBasisPoints: number
  readonly energyWh: number
  readonly meterStartWh: number
  readonly meterStopWh: number
  readonly startS: number
  readonly durationS: number
  /** False when the charger did not know the time; then its times are marked as uncertain. */
  readonly clockKnown: boolean
  readonly stopReason:
    | 'stop-code'
    | 'phone'
    | 'unplugged'
    | 'hold-reached'
    | 'vehicle'
    | 'limit'
    | 'fault'
    | 'power-cut'
    | 'other'
  readonly heldMinor: number
  readonly releasedMinor: number
  readonly releasedAtS: number
  /** Later corrections by the operator, oldest first. */
  readonly refunds: readonly { readonly amountMinor: number; readonly atS: number }[]
  readonly signature: 'valid' | 'wrong' | 'issuer-unknown'
  /** What this phone computes from meter and price. */
  readonly recomputedMinor: number
  readonly receiptNumber: number
  /** True where this phone or the operator found the charger's words in contradiction. */
  readonly figuresDisagree: boolean
  /** What the driver says is wrong, or null. */
  readonly complaint: DisputeReason | null
  /** The operator has heard it. */
  readonly complaintReported: boolean
}

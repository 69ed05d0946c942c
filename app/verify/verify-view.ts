/** What the verify page shows: plain figures and names of words, no bytes, no keys. */

import type { ReasonCode } from '@/lib/core/reason-codes'
import type { TariffFigures } from '@/lib/format/tariff-lines'
import type { ProofCheckName, ProofOutcome } from '@/lib/policy/receipt-proof'

export type VerifyView =
  /** Nothing to check yet. */
  { readonly kind: 'empty' } | { readonly kind: 'checking' } | UnreadableReceipt | CheckedReceipt

export interface UnreadableReceipt {
  readonly kind: 'unreadable'
  readonly why: 'not-receipt' | 'damaged' | 'version' | 'too-large' | 'no-proof' | 'not-loaded'
  readonly code: ReasonCode
}

/** `unknown`: sound in itself, but nobody known vouches for the charger. `sample`: the published sample keys do. */
export type Verdict = 'genuine' | 'sample' | 'unknown' | 'refused'

export interface ReceiptCheck {
  readonly name: ProofCheckName
  readonly outcome: ProofOutcome
}

export interface CheckedReceipt {
  readonly kind: 'checked'
  readonly verdict: Verdict
  /** The first check that failed, with the code to name to support; null unless refused. */
  readonly fault: { readonly check: ProofCheckName; readonly code: ReasonCode } | null
  readonly checks: readonly ReceiptCheck[]
  readonly facts: ReceiptFacts
  /** False before the first visit with a connection: nobody could be recognised yet. */
  readonly keysAreKnown: boolean
  /** When the keys were published by which the charger was judged; null where none fitted. */
  readonly keysAsOfS: number | null
}

/** What the receipt says, whether or not it is true. */
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
  readonly currency: string
  readonly lines: readonly {
    readonly kind: 'energy' | 'time' | 'session' | 'idle'
    readonly amountMinor: number
  }[]
  readonly totalMinor: number
  readonly taxMinor: number
  readonly tariff: TariffFigures
  readonly holdMinor: number
  /** What meter and price give; null where they give nothing. */
  readonly recomputedMinor: number | null
}

/** Everything that a receipt shows on the phone that keeps it: its facts, every check, and what happened when. */

import type { DisputeReason } from './receipt-dispute'
import type { ReceiptCheck, ReceiptFacts } from './receipt-facts'
import type { ReceiptState } from './receipt-summary'

/** What happened to the money, each with its date. */
export interface StoryLine {
  readonly kind:
    | 'approved'
    | 'ended'
    | 'released'
    | 'seen'
    | 'settled'
    | 'said'
    | 'reported'
    | 'case-open'
    | 'case-in-review'
    | 'case-waiting-for-evidence'
    | 'case-decided'
    | 'refund'
  readonly atS: number
  readonly amountMinor: number | null
}

export interface ReceiptView {
  readonly facts: ReceiptFacts
  readonly state: ReceiptState
  readonly checks: readonly ReceiptCheck[]
  /** Receipts of one charger are chained: whether this one fits those that are on this phone. */
  readonly log: { readonly kind: 'follows'; readonly number: number } | { readonly kind: 'broken' | 'alone' }
  /** The operator has signed for everything that this phone has about the session. */
  readonly isConfirmed: boolean
  /** The operator has heard of it from the charger's own log; null where it has not said. */
  readonly byCharger: boolean | null
  /** False when the charger did not know the time; then its times are marked as uncertain. */
  readonly clockKnown: boolean
  /** True where this phone or the operator found the charger's words in contradiction. */
  readonly figuresDisagree: boolean
  readonly releasedMinor: number
  readonly refundedMinor: number
  /** Oldest first. */
  readonly story: readonly StoryLine[]
  /** What will happen by itself. */
  readonly next: 'toSee' | 'toSettle' | 'toDecide' | 'none'
  /** What the driver says is wrong, or null. */
  readonly complaint: { readonly reason: DisputeReason; readonly note: string } | null
}

/** What the verify page shows: plain figures and names of words, no bytes, no keys. */

import type { ReceiptCheck, ReceiptFacts } from '@/components/driver/receipt-facts'
import type { ReasonCode } from '@/lib/core/reason-codes'
import type { ProofCheckName } from '@/lib/policy/receipt-proof'

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

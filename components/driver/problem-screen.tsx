/** Any refusal as a whole screen: what happened, whether money moved, what to do, the code. */

import type { Refusal } from '@/lib/core/reason'

export interface ProblemView {
  readonly refusal: Refusal
  /** What the primary button does next. */
  readonly next: 'try-again' | 'scan-again' | 'show-again' | 'add-funds' | 'renew' | 'sign-in' | 'home'
}

export interface ProblemProps {
  view: ProblemView
  onNext(): void
  /** Null where there is nowhere to go back to (another tab owns the wallet). */
  onBack: (() => void) | null
}

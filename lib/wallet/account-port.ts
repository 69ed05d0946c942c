/** The port to what the operator knows of the account and its sites, beside what the ceremony needs (`cloud-port.ts`). */

import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import type { HistoryPage } from './kept-history'
import type { Site } from './site-book'

type Reply<T> = Promise<Result<T, Refusal>>

export interface RaiseOrder {
  readonly serial: string
  readonly chargerId: string
  readonly maximumMinor: number
}

export interface AccountPort {
  /** The newest page, or the one before a cursor. */
  history(before: string | null): Reply<HistoryPage>
  sites(): Reply<readonly Site[]>
  /** Ends a grant for good; the same close gives the same answer. */
  giveBack(close: string): Reply<{ readonly releasedMinor: number; readonly balanceMinor: number }>
  /** What the operator holds of a session's receipt, unchecked, as text for `/verify#…`. */
  receiptProof(sessionId: string): Reply<string>
  /** A signed permit for more than a charger grants a stranger. */
  raise(order: RaiseOrder): Reply<string>
}

/** What reading the uploads of one kind gives, before anything of it is in the books. */

import type { Refusal } from '@/lib/core/reason'
import type { EpochSeconds } from '@/lib/core/units'
import type { Contribution } from './reconcile'
import type { InboxItem, ItemOutcome, NewCase, QuarantineSource, ReconcileTransaction } from './store'

/** What the uploads of one kind brought. */
export interface ReadItems {
  readonly contributions: readonly Contribution[]
  readonly cases: readonly NewCase[]
  /** Whose logs went on, or whose offers nobody answered: holds there may have lapsed. */
  readonly chargers: readonly string[]
  readonly outcomes: ReadonlyMap<InboxItem, ItemOutcome>
}

/** An upload that as a whole proved nothing. */
export async function refuseItem(
  tx: ReconcileTransaction,
  { kind, bytes }: InboxItem,
  error: Refusal,
  nowS: EpochSeconds,
): Promise<ItemOutcome> {
  const source: QuarantineSource = kind === 'bundle' ? 'charger' : 'phone'
  await tx.quarantine(source, [{ what: kind, code: error.code, bytes }], nowS)
  return { kind: 'refused', refusal: error }
}

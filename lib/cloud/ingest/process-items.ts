/**
 * Works through uploads in one transaction, however many and of whatever kind: first everything is read and verified,
 * then it goes into the books as one batch. What is wrong with one upload is its own outcome and no other's.
 */

import type { Refusal } from '@/lib/core/reason'
import type { EpochSeconds } from '@/lib/core/units'
import { readBundles } from './process-bundles'
import { readReports } from './process-reports'
import { reconcile, type Contribution } from './reconcile'
import type { Reconciler } from './reconciler'
import { releaseLapsedHolds } from './release'
import { rememberedVerify } from './remembered-verify'
import type { InboxItem, ItemOutcome, NewCase, QuarantineSource, ReconcileTransaction } from './store'

/** What the uploads of one kind brought. */
export interface ReadItems {
  readonly contributions: readonly Contribution[]
  readonly cases: readonly NewCase[]
  /** Whose logs went on, or whose offers nobody answered: holds there may have lapsed. */
  readonly chargers: readonly string[]
  readonly outcomes: ReadonlyMap<InboxItem, ItemOutcome>
}

/** Outcomes in the order of the items. */
export async function processItems(
  reconciler: Reconciler,
  tx: ReconcileTransaction,
  items: readonly InboxItem[],
): Promise<readonly ItemOutcome[]> {
  const nowS = reconciler.clock.nowS()
  const context = { trust: (await tx.trust()).list, verify: rememberedVerify(reconciler.verify), nowS }
  const bundles = items.filter(({ kind }) => kind === 'bundle')
  const reports = items.filter(({ kind }) => kind === 'report')
  const read = [
    ...(bundles.length === 0 ? [] : [await readBundles(reconciler, tx, context, bundles)]),
    ...(reports.length === 0 ? [] : [await readReports(reconciler, tx, context, reports)]),
  ]
  await reconcile(
    reconciler,
    tx,
    read.flatMap(({ contributions }) => contributions),
  )
  await releaseLapsedHolds(tx, [...new Set(read.flatMap(({ chargers }) => chargers))])
  await tx.openCases(
    read.flatMap(({ cases }) => cases),
    nowS,
  )
  return items.map((item) => {
    const outcome = read.map(({ outcomes }) => outcomes.get(item)).find((found) => found !== undefined)
    if (outcome === undefined) throw new Error(`Nothing became of item ${item.itemId}`)
    return outcome
  })
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

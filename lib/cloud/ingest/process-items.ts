/**
 * Works through uploads in one transaction, however many and of whatever kind: first everything is read and verified,
 * then it goes into the books as one batch. What is wrong with one upload is its own outcome and no other's.
 */

import { readBundles } from './process-bundles'
import { readReports } from './process-reports'
import { reconcile } from './reconcile'
import type { Reconciler } from './reconciler'
import { releaseLapsedHolds } from './release'
import { rememberedVerify } from './remembered-verify'
import type { InboxItem, ItemOutcome, ReconcileTransaction } from './store'

/** Outcomes in the order of the items. */
export async function processItems(
  reconciler: Reconciler,
  tx: ReconcileTransaction,
  items: readonly InboxItem[],
): Promise<readonly ItemOutcome[]> {
  const nowS = reconciler.clock.nowS()
  const { list: trust } = await tx.trust()
  const verify = rememberedVerify(reconciler.verify)
  const context = { trust, verify, verifyVouched: reconciler.verifyVouched, nowS }
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

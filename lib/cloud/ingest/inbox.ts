/**
 * The durable inbox: an upload is on the disk before anybody works on it, and is worked on in one transaction with
 * everything that follows from it. A worker that dies in the middle leaves the item waiting, as if nobody had begun.
 * Any number of processes may work: an item is locked by whoever has it, the others skip it.
 */

import { concat, toHex, utf8, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { sha256 } from '@/lib/crypto/hash'
import { traced } from '@/lib/tracing/traced'
import { processItems } from './process-items'
import type { Reconciler } from './reconciler'
import type { InboxItem, ItemKind, ItemOutcome, ReconcileTransaction } from './store'

/** About a thousand sessions: enough to spread the cost of a commit, little enough to be done again. */
const batchBytesMax = 1_200_000

/** An item that fails this often by a fault of ours is set aside, so that it cannot stop the others. */
const attemptsMax = 5

/** When to come back, while the workers catch up. */
const retryAfterS = 30

/**
 * Durable when it resolves. The same bytes again are the same item. Refused with `api.busy` while too much waits: the
 * device keeps what it has, and the disk is not filled by what nobody works on.
 */
export async function putIntoInbox(
  { store, clock }: Reconciler,
  kind: ItemKind,
  bytes: Bytes,
): Promise<Result<string, Refusal>> {
  const itemId = toHex(sha256(concat(utf8(`${kind} `), bytes)))
  return store.transaction(async (tx) => {
    if (!(await tx.hasRoomFor(itemId, limits.inboxWaitingMax)))
      return err(refusal('api.busy', { retryAfterS }))
    await tx.putItem({ itemId, kind, bytes }, clock.nowS())
    return ok(itemId)
  })
}

/** What became of an item; undefined while it waits. */
export const outcomeOf = ({ store }: Reconciler, itemId: string): Promise<ItemOutcome | undefined> =>
  store.transaction((tx) => tx.outcomeOf(itemId))

/** Works on one item, if it waits and nobody else has it. False when there was nothing to do. */
export async function workOn(reconciler: Reconciler, itemId: string): Promise<boolean> {
  try {
    return await reconciler.store.transaction(async (tx) => {
      const items = await tx.claimItems([itemId])
      await finishAll(reconciler, tx, items)
      return items.length > 0
    })
  } catch (error) {
    await countAttempt(reconciler, itemId, error)
    throw error
  }
}

/** Works on the oldest items together. When they fail together, each is tried by itself: one is at fault, not all. */
export async function workOnOldest(reconciler: Reconciler, countMax: number): Promise<number> {
  let claimed: readonly InboxItem[] = []
  try {
    await reconciler.store.transaction(async (tx) => {
      claimed = await tx.claimOldest(countMax, batchBytesMax)
      await finishAll(reconciler, tx, claimed)
    })
    return claimed.length
  } catch (error) {
    if (claimed.length === 0) throw error
    let done = 0
    for (const { itemId } of claimed) if (await workOn(reconciler, itemId).catch(() => false)) done += 1
    return done
  }
}

async function finishAll(
  reconciler: Reconciler,
  tx: ReconcileTransaction,
  items: readonly InboxItem[],
): Promise<void> {
  if (items.length === 0) return
  const bytes = items.reduce((sum, item) => sum + item.bytes.length, 0)
  const facts = { 'outpost.items': items.length, 'outpost.bytes': bytes }
  const outcomes = await traced('reconcile', facts, () => processItems(reconciler, tx, items))
  const finished = items.flatMap(({ itemId }, index) => {
    const outcome = outcomes[index]
    return outcome === undefined ? [] : [{ itemId, outcome }]
  })
  await tx.finishItems(finished, reconciler.clock.nowS())
}

async function countAttempt({ store, clock }: Reconciler, itemId: string, error: unknown): Promise<void> {
  const code: ReasonCode = 'api.internal'
  const nowS = clock.nowS()
  await store.transaction(async (tx) => {
    const item = await tx.countAttempt(itemId)
    if (item === undefined || item.attempts < attemptsMax) return
    await tx.quarantine('phone', [{ what: item.kind, code, bytes: item.bytes }], nowS)
    await tx.finishItems([{ itemId, outcome: { kind: 'refused', refusal: refusal(code) } }], nowS)
  })
  process.stderr.write(`inbox item ${itemId} could not be processed: ${describe(error)}\n`)
}

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

/**
 * The durable inbox: an upload is on the disk before anybody works on it, and is worked on in one transaction with
 * everything that follows from it. A worker that dies in the middle leaves the item waiting, as if nobody had begun.
 * Any number of processes may work: an item is locked by whoever has it, the others skip it.
 */

import { concat, toHex, utf8, type Bytes } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import type { Result } from '@/lib/core/result'
import { sha256 } from '@/lib/crypto/hash'
import { processBundle } from './process-bundle'
import { processReport } from './process-report'
import type { Reconciler } from './reconciler'
import type { InboxItem, ItemKind, ItemOutcome, ReconcileTransaction } from './store'

/** An item that fails this often by a fault of ours is set aside, so that it cannot stop the others. */
const attemptsMax = 5

/** Durable when it resolves. The same bytes again are the same item. */
export async function putIntoInbox(
  { store, clock }: Reconciler,
  kind: ItemKind,
  bytes: Bytes,
): Promise<string> {
  const itemId = toHex(sha256(concat(utf8(`${kind} `), bytes)))
  await store.transaction((tx) => tx.putItem({ itemId, kind, bytes }, clock.nowS()))
  return itemId
}

/** What became of an item; undefined while it waits. */
export const outcomeOf = ({ store }: Reconciler, itemId: string): Promise<ItemOutcome | undefined> =>
  store.transaction((tx) => tx.outcomeOf(itemId))

/** Ids of items that wait, oldest first. */
export const waitingItems = ({ store }: Reconciler, countMax: number): Promise<readonly string[]> =>
  store.transaction((tx) => tx.waitingItems(countMax))

/** Works on one item, if it waits and nobody else has it. False when there was nothing to do. */
export async function workOn(reconciler: Reconciler, itemId: string): Promise<boolean> {
  try {
    return await reconciler.store.transaction(async (tx) => {
      const [item] = await tx.claimItems([itemId])
      if (item === undefined) return false
      await tx.finishItem(itemId, await processItem(reconciler, tx, item), reconciler.clock.nowS())
      return true
    })
  } catch (error) {
    await countAttempt(reconciler, itemId, error)
    throw error
  }
}

async function processItem(
  reconciler: Reconciler,
  tx: ReconcileTransaction,
  { kind, bytes }: InboxItem,
): Promise<ItemOutcome> {
  const outcome: Result<ItemOutcome, Refusal> =
    kind === 'bundle'
      ? await processBundle(reconciler, tx, bytes)
      : await processReport(reconciler, tx, parseJson(bytes))
  if (outcome.ok) return outcome.value
  const source = kind === 'bundle' ? 'charger' : 'phone'
  await tx.quarantine(source, [{ what: kind, code: outcome.error.code, bytes }], reconciler.clock.nowS())
  return { kind: 'refused', refusal: outcome.error }
}

async function countAttempt({ store, clock }: Reconciler, itemId: string, error: unknown): Promise<void> {
  const code: ReasonCode = 'api.internal'
  const nowS = clock.nowS()
  await store.transaction(async (tx) => {
    const item = await tx.countAttempt(itemId)
    if (item === undefined || item.attempts < attemptsMax) return
    await tx.quarantine('phone', [{ what: item.kind, code, bytes: item.bytes }], nowS)
    await tx.finishItem(itemId, { kind: 'refused', refusal: refusal(code) }, nowS)
  })
  process.stderr.write(`inbox item ${itemId} could not be processed: ${describe(error)}\n`)
}

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

/** Only text that has been parsed before gets into the inbox. */
const parseJson = (bytes: Bytes): unknown => JSON.parse(new TextDecoder().decode(bytes))

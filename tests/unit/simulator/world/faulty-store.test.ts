/** A process that dies in the middle of its work: what was committed stays, what was not never was. */

import { expect, test } from 'vitest'
import type { ReconcileStore, ReconcileTransaction } from '@/lib/cloud/ingest/store'
import { FaultyStore, StoreBroken } from '@/simulator/world/faulty-store'

/** Counts accesses, and takes them back where the transaction ends badly. */
function countingStore(): { readonly store: ReconcileStore; readonly committed: () => number } {
  let committed = 0
  const store: ReconcileStore = {
    async transaction(work) {
      let accesses = 0
      const tx = { waitingItems: () => Promise.resolve([String((accesses += 1))]) }
      const result = await work(tx as unknown as ReconcileTransaction)
      committed += accesses
      return result
    },
  }
  return { store, committed: () => committed }
}

const twoAccesses = async (tx: ReconcileTransaction): Promise<string> => {
  await tx.waitingItems(1)
  await tx.waitingItems(1)
  return 'done'
}

test('Without a plan everything happens as it would', async () => {
  const { store, committed } = countingStore()
  const { store: alive, isAlive } = new FaultyStore(store).process()
  expect(await alive.transaction(twoAccesses)).toBe('done')
  expect([committed(), isAlive()]).toEqual([2, true])
})

test('A death before the commit leaves nothing of the transaction', async () => {
  const { store, committed } = countingStore()
  const faulty = new FaultyStore(store)
  faulty.plan('before-commit', 1)
  const dying = faulty.process()
  await expect(dying.store.transaction(twoAccesses)).rejects.toThrow(StoreBroken)
  expect([committed(), dying.isAlive()]).toEqual([0, false])
})

test('A death after the commit leaves all of it, and nobody hears', async () => {
  const { store, committed } = countingStore()
  const faulty = new FaultyStore(store)
  faulty.plan('after-commit', 1)
  const dying = faulty.process()
  await expect(dying.store.transaction(twoAccesses)).rejects.toThrow(StoreBroken)
  expect([committed(), dying.isAlive()]).toEqual([2, false])
})

test('A dead process does nothing more; the next one does', async () => {
  const { store, committed } = countingStore()
  const faulty = new FaultyStore(store)
  faulty.plan('before-commit', 0)
  const dead = faulty.process()
  await expect(dead.store.transaction(twoAccesses)).rejects.toThrow(StoreBroken)
  await expect(dead.store.transaction(twoAccesses)).rejects.toThrow(StoreBroken)
  expect(await faulty.process().store.transaction(twoAccesses)).toBe('done')
  expect(committed()).toBe(2)
})

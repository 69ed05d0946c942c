/** The store on IndexedDB, by `idb`: one strict transaction a commit, which is on disk when it completes. */

import { err, ok, type Result } from '@/lib/core/result'
import { revisionKey, type WalletDatabase } from './idb-database'
import type { StoreFault, WalletStore } from './store'

export function idbStore(database: WalletDatabase): WalletStore {
  return {
    async load() {
      try {
        const transaction = database.transaction('records', 'readonly')
        const [keys, values] = await Promise.all([transaction.store.getAllKeys(), transaction.store.getAll()])
        const records = keys.map((key, index) => ({ key, value: values[index] }))
        const revision = records.find(({ key }) => key === revisionKey)?.value
        return ok({
          revision: typeof revision === 'number' ? revision : 0,
          records: records.filter(({ key }) => key !== revisionKey),
        })
      } catch (error) {
        return failed(error)
      }
    },
    async commit({ from, put, remove }) {
      try {
        const transaction = database.transaction('records', 'readwrite', { durability: 'strict' })
        const { store } = transaction
        const revision = ((await store.get(revisionKey)) as number | undefined) ?? 0
        if (revision !== from) {
          transaction.abort()
          await transaction.done.catch(() => undefined)
          return err({ kind: 'conflict' })
        }
        // Requests are not awaited one by one: `done` rejects when any of them failed, and then all are undone.
        const requests = [
          ...put.map(({ key, value }) => store.put(value, key)),
          ...remove.map((key) => store.delete(key)),
          store.put(revision + 1, revisionKey),
        ]
        await Promise.all([...requests, transaction.done])
        return ok(undefined)
      } catch (error) {
        return failed(error)
      }
    },
  }
}

const failed = (error: unknown): Result<never, StoreFault> =>
  err({ kind: 'failed', detail: error instanceof Error ? error.name : 'unknown' })

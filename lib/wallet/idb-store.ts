/** The store on IndexedDB, by `idb`: one strict transaction a commit, which is on disk when it completes. */

import type { IDBPTransaction } from 'idb'
import { err, ok, type Result } from '@/lib/core/result'
import { revisionKey, type WalletDatabase, type WalletSchema } from './idb-database'
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
      let transaction: IDBPTransaction<WalletSchema, ['records'], 'readwrite'> | undefined
      try {
        transaction = database.transaction(['records'], 'readwrite', { durability: 'strict' })
        const store = transaction.objectStore('records')
        const revision = ((await store.get(revisionKey)) as number | undefined) ?? 0
        if (revision !== from) {
          await undo(transaction)
          return err({ kind: 'conflict' })
        }
        await Promise.all([
          ...put.map(({ key, value }) => store.put(value, key)),
          ...remove.map((key) => store.delete(key)),
          store.put(revision + 1, revisionKey),
          transaction.done,
        ])
        return ok(undefined)
      } catch (error) {
        // A value that cannot be stored throws before its request: what was asked for before it must not be kept.
        await undo(transaction)
        return failed(error)
      }
    },
  }
}

async function undo(transaction: IDBPTransaction<WalletSchema, ['records'], 'readwrite'> | undefined) {
  if (transaction === undefined) return
  const over = transaction.done.catch(() => undefined)
  try {
    transaction.abort()
  } catch {
    // It failed by itself, which undid it as well.
  }
  await over
}

const failed = (error: unknown): Result<never, StoreFault> =>
  err({ kind: 'failed', detail: error instanceof Error ? error.name : 'unknown' })

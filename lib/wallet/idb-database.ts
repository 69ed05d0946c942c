/** The wallet's IndexedDB database: records and keys lie in one place, so that losing one loses both. */

import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { PublicKey } from '@/lib/core/ids'
import type { OpenSeal, StoredSeal } from './seal'

export interface StoredKey {
  readonly publicKey: PublicKey
  readonly secret:
    | { readonly kind: 'platform'; readonly pair: CryptoKeyPair }
    | {
        readonly kind: 'sealed'
        readonly sealed: Awaited<ReturnType<OpenSeal['sealSeed']>>
      }
}

/** What this phone is, and how its keys are locked. */
export type StoredDevice =
  | { readonly kind: 'seal'; readonly seal: StoredSeal }
  /** By which the account knows this phone; random, and told to nobody else. */
  | { readonly kind: 'phone'; readonly phoneId: string }

export interface WalletSchema extends DBSchema {
  records: { key: string; value: unknown }
  keys: { key: string; value: StoredKey }
  device: { key: string; value: StoredDevice }
}

export type WalletDatabase = IDBPDatabase<WalletSchema>

/** The key under which the revision lies among the records. */
export const revisionKey = 'revision'

const schemaVersion = 2

export const openWalletDatabase = (name = 'outpost-wallet'): Promise<WalletDatabase> =>
  openDB<WalletSchema>(name, schemaVersion, {
    async upgrade(database, oldVersion, _newVersion, transaction) {
      if (oldVersion < 1) {
        database.createObjectStore('records')
        database.createObjectStore('keys')
      }
      if (oldVersion < 2) {
        database.createObjectStore('device')
        // Seeds of before lay under a key of the browser alone. Their grants are exchanged for ones of a new key.
        const keys = transaction.objectStore('keys')
        for (const key of await keys.getAll()) {
          if (key.secret.kind === 'sealed') await keys.delete(key.publicKey)
        }
      }
    },
    // A newer version of the app in another tab must not wait for this one for ever.
    blocking(_current, _blocked, event) {
      const database = event.target
      if (database instanceof IDBDatabase) database.close()
    },
  })

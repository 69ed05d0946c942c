/** The wallet's IndexedDB database: records and keys lie in one place, so that losing one loses both. */

import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { PublicKey } from '@/lib/core/ids'

export interface StoredKey {
  readonly publicKey: PublicKey
  readonly secret:
    | { readonly kind: 'platform'; readonly pair: CryptoKeyPair }
    | {
        readonly kind: 'sealed'
        readonly wrappingKey: CryptoKey
        readonly nonce: Uint8Array<ArrayBuffer>
        readonly sealedSeed: ArrayBuffer
      }
}

export interface WalletSchema extends DBSchema {
  records: { key: string; value: unknown }
  keys: { key: string; value: StoredKey }
}

export type WalletDatabase = IDBPDatabase<WalletSchema>

/** The key under which the revision lies among the records. */
export const revisionKey = 'revision'

const schemaVersion = 1

export const openWalletDatabase = (name = 'outpost-wallet'): Promise<WalletDatabase> =>
  openDB<WalletSchema>(name, schemaVersion, {
    upgrade(database, oldVersion) {
      if (oldVersion < 1) {
        database.createObjectStore('records')
        database.createObjectStore('keys')
      }
    },
    // A newer version of the app in another tab must not wait for this one for ever.
    blocking(_current, _blocked, event) {
      const database = event.target
      if (database instanceof IDBDatabase) database.close()
    },
  })

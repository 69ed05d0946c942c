/** The seal in IndexedDB, beside the keys that it protects: losing one loses both. */

import type { WalletDatabase } from './idb-database'
import type { SealStore } from './seal-box'

const sealKey = 'seal'

export function idbSealStore(database: WalletDatabase): SealStore {
  return {
    async read() {
      const stored = await database.get('device', sealKey)
      return stored?.kind === 'seal' ? stored.seal : undefined
    },
    async write(seal) {
      const transaction = database.transaction('device', 'readwrite', { durability: 'strict' })
      await Promise.all([transaction.store.put({ kind: 'seal', seal }, sealKey), transaction.done])
    },
    async destroy() {
      const transaction = database.transaction(['device', 'keys'], 'readwrite', { durability: 'strict' })
      const keys = transaction.objectStore('keys')
      const stored = await keys.getAll()
      await Promise.all([
        transaction.objectStore('device').delete(sealKey),
        ...stored
          .filter(({ secret }) => secret.kind === 'sealed')
          .map(({ publicKey }) => keys.delete(publicKey)),
        transaction.done,
      ])
    },
  }
}

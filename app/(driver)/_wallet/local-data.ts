/** The app's data in this browser, beyond the wallet's own records: how large it is, and taking all of it away. */

import type { ReadyPhone } from './phone-host'

const ours = /^outpost/

/** What the service worker keeps so that the app opens without signal; null where nobody can tell. */
export async function keptAppBytes(): Promise<number | null> {
  try {
    let bytes = 0
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const response of await cache.matchAll()) bytes += (await response.blob()).size
    }
    return bytes
  } catch {
    return null
  }
}

/**
 * Deletes receipts, credit, keys and choices on this phone, and starts over. The wallet is closed first, so that
 * nothing can be written behind the deletion. The app itself stays kept: it holds nothing about anybody.
 */
export async function deleteLocalData({ wallet, sync }: Pick<ReadyPhone, 'wallet' | 'sync'>): Promise<void> {
  sync.stop()
  wallet.close()
  const databases = await databaseNames()
  await Promise.all(databases.map(deleteDatabase))
  try {
    for (const key of Object.keys(localStorage)) if (ours.test(key)) localStorage.removeItem(key)
    sessionStorage.clear()
  } catch {
    // Without storage there is nothing in it.
  }
  // A fresh document: whatever is still in memory goes with the old one.
  window.location.replace('/')
}

async function databaseNames(): Promise<readonly string[]> {
  const known = 'outpost-wallet'
  try {
    const names = (await indexedDB.databases()).flatMap(({ name }) => (name === undefined ? [] : [name]))
    return [...new Set([known, ...names.filter((name) => ours.test(name))])]
  } catch {
    return [known]
  }
}

/** Waits for other tabs to let go; they do at once, because a deletion is announced to them. */
const deleteDatabase = (name: string): Promise<void> =>
  new Promise((done) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => done()
    request.onerror = () => done()
  })

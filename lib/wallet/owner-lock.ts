/** One tab owns the wallet at a time (Web Locks). The store's revision is the second line of defence. */

export interface OwnerLock {
  /** True when this tab is the owner now and until it closes; false when another one is. */
  acquire(): Promise<boolean>
  release(): void
}

/** A page that reloads gives its lock up a moment after the new one asks. */
const patienceMs = 1_500

export function webOwnerLock(locks: LockManager | undefined, name = 'outpost-wallet'): OwnerLock {
  let letGo: (() => void) | undefined
  return {
    acquire() {
      // Browsers without Web Locks are older than those with the rest of what the wallet needs.
      if (locks === undefined) return Promise.resolve(true)
      return new Promise((resolve) => {
        const impatience = new AbortController()
        const timer = setTimeout(() => impatience.abort(), patienceMs)
        locks
          .request(name, { signal: impatience.signal }, () => {
            clearTimeout(timer)
            resolve(true)
            return new Promise<void>((done) => {
              letGo = done
            })
          })
          .catch(() => resolve(false))
      })
    },
    release() {
      letGo?.()
      letGo = undefined
    },
  }
}

/**
 * One tab owns the wallet at a time (Web Locks); the store's revision is the second line of defence. Another tab may take
 * over: it asks the owner, who finishes what it does and lets go, and takes the lock by force only from one that does
 * not answer.
 */

export interface OwnerLock {
  /** True when this tab is the owner now and until it closes or another takes over; false when another one is. */
  acquire(): Promise<boolean>
  release(): void
}

export interface OwnerLockOptions {
  readonly name?: string
  /** Whether to take the wallet from the tab that has it. */
  readonly takesOver?: boolean
  /** Another tab asks for the wallet, or has taken it: stop using it, then release. */
  readonly onLost?: () => void
}

/** A page that reloads gives its lock up a moment after the new one asks. */
const patienceMs = 1_500
/** For an owner that finishes a signature and a write. */
const handOverMs = 3_000

export function webOwnerLock(
  locks: LockManager | undefined,
  { name = 'outpost-wallet', takesOver = false, onLost = () => undefined }: OwnerLockOptions = {},
): OwnerLock {
  let letGo: (() => void) | undefined
  let channel: BroadcastChannel | undefined

  const own = (resolve: (isOwner: boolean) => void): Promise<void> => {
    resolve(true)
    channel = new BroadcastChannel(name)
    channel.addEventListener('message', onLost)
    return new Promise<void>((done) => {
      letGo = done
    })
  }
  const lose = (): void => {
    if (letGo === undefined) return
    onLost()
  }
  const waitFor = (patience: number): Promise<boolean> =>
    new Promise((resolve) => {
      const impatience = new AbortController()
      const timer = setTimeout(() => impatience.abort(), patience)
      locks
        ?.request(name, { signal: impatience.signal }, () => {
          clearTimeout(timer)
          return own(resolve)
        })
        // Refused for want of patience, or taken away by force later.
        .catch(() => {
          resolve(false)
          lose()
        })
    })
  const steal = (): Promise<boolean> =>
    new Promise((resolve) => {
      locks?.request(name, { steal: true }, () => own(resolve)).catch(lose)
    })

  return {
    async acquire() {
      // Browsers without Web Locks are older than those with the rest of what the wallet needs.
      if (locks === undefined) return true
      if (!takesOver) return waitFor(patienceMs)
      const request = new BroadcastChannel(name)
      request.postMessage('hand-over')
      const isHandedOver = await waitFor(handOverMs)
      request.close()
      return isHandedOver || steal()
    },
    release() {
      channel?.close()
      channel = undefined
      letGo?.()
      letGo = undefined
    },
  }
}

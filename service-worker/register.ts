/**
 * The page's half: registers the worker, and says when a newer version of the app has been downloaded. Nothing changes
 * until the page calls `apply`, which reloads it: the page knows whether somebody is in the middle of a ceremony.
 */

export interface UpdateHooks {
  /**
   * A newer version waits. Call `apply` once nobody would mind a reload; while another tab of the app is open it does
   * nothing, and may be called again.
   */
  onUpdateReady(apply: () => void): void
}

const checkEveryMs = 3_600_000

/** Does nothing outside a product build, and where the browser has no service workers (private modes). */
export async function registerServiceWorker({ onUpdateReady }: UpdateHooks): Promise<void> {
  if (process.env.NODE_ENV !== 'production' || !('serviceWorker' in navigator)) return
  try {
    const { Workbox } = await import('workbox-window')
    const worker = new Workbox('/sw.js')
    let asked = false
    worker.addEventListener('waiting', () =>
      onUpdateReady(() => {
        asked = true
        worker.messageSkipWaiting()
      }),
    )
    worker.addEventListener('controlling', () => {
      if (asked) location.reload()
    })
    await worker.register()
    checkNowAndThen(() => worker.update())
  } catch {
    // Storage is full or blocked: the app works as long as there is a network, and says so itself.
  }
}

/** An installed app may stay open for weeks; the browser looks for a newer worker only when a document loads. */
function checkNowAndThen(check: () => Promise<void>): void {
  let checkedAtMs = performance.now()
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || performance.now() - checkedAtMs < checkEveryMs) return
    checkedAtMs = performance.now()
    check().catch(() => undefined)
  })
}

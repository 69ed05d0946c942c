/**
 * Keeps the app on the phone. A new version waits until the person is not at a charger: it takes over when Home is
 * opened or the app is left, never in the middle of a ceremony.
 */

let isBusy: () => boolean = () => false

/** Says how to find out whether somebody stands at a charger now. */
export function setBusyCheck(check: () => boolean): void {
  isBusy = check
}

export function registerServiceWorker(): void {
  if (process.env.NODE_ENV !== 'production' || !('serviceWorker' in navigator)) return
  void import('workbox-window').then(({ Workbox }) => {
    const workbox = new Workbox('/sw.js')
    let isWaiting = false
    const takeOver = (): void => {
      if (isWaiting && !isBusy()) workbox.messageSkipWaiting()
    }
    workbox.addEventListener('waiting', () => {
      isWaiting = true
      // A person who looks at the screen keeps the page that they see; the next start has the new version.
      if (document.visibilityState === 'hidden') takeOver()
    })
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') takeOver()
    })
    workbox.addEventListener('controlling', ({ isUpdate }) => {
      // The old version's scripts are gone from the cache; out of sight, a fresh start goes unnoticed.
      if (isUpdate === true && !isBusy()) window.location.reload()
    })
    void workbox.register().catch(() => undefined)
  })
}

/**
 * Keeps the app on the phone, and lets a newer version in only while nobody minds: out of sight, and never while
 * somebody is at a charger.
 */

import { registerServiceWorker } from '@/service-worker/register'
import { watchAppKept } from './app-kept'

/** After the page has loaded: the wallet opens in this time on a slow phone. */
const restMs = 1_000

let isBusy: () => boolean = () => false
let applyUpdate: (() => void) | undefined

/** Says how to find out whether somebody is at a charger now. */
export function setBusyCheck(check: () => boolean): void {
  isBusy = check
}

function applyIfIdle(): void {
  if (document.visibilityState === 'hidden' && !isBusy()) applyUpdate?.()
}

/** Called once, when the app starts. Waits until the first screen has what it needs. */
export function keepAppOnPhone(): void {
  document.addEventListener('visibilitychange', applyIfIdle)
  const register = (): void =>
    void registerServiceWorker({
      onUpdateReady(apply) {
        applyUpdate = apply
        applyIfIdle()
      },
    }).then(watchAppKept)
  if (document.readyState === 'complete') register()
  else window.addEventListener('load', () => setTimeout(register, restMs), { once: true })
}

/**
 * Keeps the app on the phone, and lets a newer version in only while nobody minds: out of sight, and never while
 * somebody is at a charger.
 */

import { registerServiceWorker } from '@/service-worker/register'

let isBusy: () => boolean = () => false
let applyUpdate: (() => void) | undefined

/** Says how to find out whether somebody is at a charger now. */
export function setBusyCheck(check: () => boolean): void {
  isBusy = check
}

function applyIfIdle(): void {
  if (document.visibilityState === 'hidden' && !isBusy()) applyUpdate?.()
}

/** Called once, when the app starts. */
export function keepAppOnPhone(): void {
  document.addEventListener('visibilitychange', applyIfIdle)
  void registerServiceWorker({
    onUpdateReady(apply) {
      applyUpdate = apply
      applyIfIdle()
    },
  })
}

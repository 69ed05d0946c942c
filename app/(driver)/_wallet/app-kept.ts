/**
 * Whether the app opens without signal: the service worker installs only once everything that it keeps is here, so an
 * active one means that all of it is. Credit on the phone is of no use offline before that.
 */

import { useSyncExternalStore } from 'react'

export type AppKept = 'kept' | 'keeping' | 'not-kept'

let kept: AppKept = 'keeping'
const listeners = new Set<() => void>()

function show(next: AppKept): void {
  if (kept === next) return
  kept = next
  for (const listener of listeners) listener()
}

/** Called after the worker was asked for; without one there is nothing to wait for. */
export async function watchAppKept(): Promise<void> {
  try {
    const registration = await navigator.serviceWorker.getRegistration()
    if (registration === undefined) {
      show('not-kept')
      return
    }
    // Resolves with an active worker, and never while the first one still fetches.
    await navigator.serviceWorker.ready
    show('kept')
  } catch {
    // Private modes have no service workers at all.
    show('not-kept')
  }
}

export const useAppKept = (): AppKept =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => kept,
    () => 'keeping',
  )

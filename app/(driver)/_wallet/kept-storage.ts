/** Whether the browser promised not to clear this app's storage. Asked for once there is something to keep. */

import { useSyncExternalStore } from 'react'

let isKept: boolean | null = null
const listeners = new Set<() => void>()

function show(next: boolean): void {
  isKept = next
  for (const listener of listeners) listener()
}

export async function askToKeepStorage(): Promise<void> {
  try {
    show(await navigator.storage.persist())
  } catch {
    show(false)
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (isKept === null) {
    void navigator.storage
      ?.persisted()
      .then(show)
      .catch(() => undefined)
  }
  return () => listeners.delete(listener)
}

export const useStorageKept = (): boolean | null =>
  useSyncExternalStore(
    subscribe,
    () => isKept,
    () => null,
  )

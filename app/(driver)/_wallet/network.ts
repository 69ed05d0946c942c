/**
 * Whether the operator can be reached: what the browser says, and what the last request met. On the demo page a switch
 * can cut this phone off; every request then fails as it would without signal.
 */

import { useSyncExternalStore } from 'react'
import { markRequest } from './request-log'

let isCut = false
let isReachable = true
const listeners = new Set<() => void>()
const backListeners = new Set<() => void>()

const tell = (): void => {
  for (const listener of listeners) listener()
}

const isOnline = (): boolean => navigator.onLine && !isCut && isReachable

function setReachable(next: boolean): void {
  if (isReachable === next) return
  isReachable = next
  tell()
}

/** The one way to the API. Throws like `fetch` when nothing can be reached. */
export async function fetchApi(path: string, init: RequestInit): Promise<Response> {
  const startedAtMs = Date.now()
  try {
    if (isCut) throw new TypeError('The demo cut this phone off')
    const response = await fetch(path, init)
    markRequest(path, startedAtMs, response)
    setReachable(true)
    return response
  } catch (error) {
    markRequest(path, startedAtMs, undefined)
    setReachable(false)
    throw error
  }
}

export function cutNetwork(offline: boolean): void {
  isCut = offline
  if (!offline) networkIsBack()
  tell()
}

function networkIsBack(): void {
  // What failed before says nothing about now.
  isReachable = true
  tell()
  for (const listener of backListeners) listener()
}

/** Calls back whenever it is worth while to try again: the network came back, or the app came to the front. */
export function onNetworkBack(listener: () => void): () => void {
  if (backListeners.size === 0) {
    window.addEventListener('online', networkIsBack)
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && navigator.onLine) networkIsBack()
    })
  }
  backListeners.add(listener)
  return () => backListeners.delete(listener)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('online', tell)
  window.addEventListener('offline', tell)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('online', tell)
    window.removeEventListener('offline', tell)
  }
}

/** Pages are drawn ahead as they look with a network: a warning that may be wrong should not be the first thing seen. */
export const useOnline = (): boolean => useSyncExternalStore(subscribe, isOnline, () => true)

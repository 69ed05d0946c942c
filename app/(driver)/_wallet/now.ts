/** The time that screens show ages by: a few seconds old at most, the same for everything in one drawing. */

import { useSyncExternalStore } from 'react'

const everyMs = 5_000
let nowS = 0
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

const read = (): number => Math.floor(Date.now() / 1_000)

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    nowS = read()
    for (const each of listeners) each()
  }, everyMs)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

function snapshot(): number {
  // A gap means that nobody looked for a while, or that the phone slept.
  const now = read()
  if (Math.abs(now - nowS) * 1_000 > everyMs) nowS = now
  return nowS
}

export const useNowS = (): number => useSyncExternalStore(subscribe, snapshot, () => 0)

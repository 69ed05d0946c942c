'use client'

/** The time by this device's clock, told anew every ten seconds: for ages and what runs out. */

import { useSyncExternalStore } from 'react'

const everyMs = 10_000

export const nowS = (): number => Math.floor(Date.now() / 1_000)

const subscribe = (onChange: () => void): (() => void) => {
  const timer = setInterval(onChange, everyMs)
  return () => clearInterval(timer)
}
const steps = (): number => Math.floor(Date.now() / everyMs)

/** Epoch seconds, rounded down to ten. */
export const useNowS = (): number => (useSyncExternalStore(subscribe, steps, steps) * everyMs) / 1_000

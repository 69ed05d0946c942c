/** The machine's own clock, timers and randomness, behind the ports of the core. */

import { randomBytes } from 'node:crypto'
import { toBytes } from '@/lib/core/bytes'
import type { Clock, Random, Timers } from '@/lib/core/clock'
import { durationMs, epochSeconds } from '@/lib/core/units'

export const systemClock: Clock = {
  nowS: () => epochSeconds(Math.floor(Date.now() / 1_000)),
  monotonicMs: () => durationMs(Math.floor(performance.now())),
}

export const systemTimers: Timers = {
  every(periodMs, run) {
    const timer = setInterval(run, periodMs)
    return () => clearInterval(timer)
  },
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

export const systemRandom: Random = { bytes: (length) => toBytes(randomBytes(length)) }

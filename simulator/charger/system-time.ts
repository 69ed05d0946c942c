/** The machine's own clock and timers. */

import type { Clock, Timers } from '@/lib/core/clock'
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

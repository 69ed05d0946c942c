/** The platform's clock and randomness behind the ports. */

import { randomBytes } from 'node:crypto'
import { toBytes } from '@/lib/core/bytes'
import type { Clock, Random } from '@/lib/core/clock'
import { durationMs, epochSeconds } from '@/lib/core/units'

export const systemClock: Clock = {
  nowS: () => epochSeconds(Math.floor(Date.now() / 1000)),
  monotonicMs: () => durationMs(Math.floor(performance.now())),
}

export const systemRandom: Random = { bytes: (length) => toBytes(randomBytes(length)) }

/**
 * The chargers' roads in a replay: cut off until the link comes up, and then as unreliable as links are. The link is
 * metered: it carries events every ten minutes, and asks for mere news every hour.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { Clock } from '@/lib/core/clock'
import { err, type Result } from '@/lib/core/result'
import { memoryRoad, type Mishap, type Receiver } from '@/lib/roads/memory-road'
import type { Road, RoadFault } from '@/lib/roads/road'
import { decodeBundle } from '@/lib/sync/bundle'

export interface LinkState {
  isUp: boolean
}

const mishaps = [
  { kind: 'drop', share: 0.05 },
  { kind: 'drop-answer', share: 0.1 },
  { kind: 'duplicate', share: 0.1 },
] as const

const eventsEveryMs = 600_000
const newsEveryMs = 3_600_000

export function replayRoad(receive: Receiver, link: LinkState, clock: Clock, fraction: () => number): Road {
  const road = memoryRoad(receive, () => drawMishap(fraction()))
  let heardAtMs = Number.NEGATIVE_INFINITY
  return {
    name: 'replay',
    async send(bundle) {
      if (!link.isUp) return unreachable('No signal')
      const pauseMs = isEmpty(bundle) ? newsEveryMs : eventsEveryMs
      if (clock.monotonicMs() - heardAtMs < pauseMs) return unreachable('The link rests')
      const answer = await road.send(bundle)
      if (answer.ok) heardAtMs = clock.monotonicMs()
      return answer
    },
  }
}

const unreachable = (detail: string): Result<never, RoadFault> => err({ code: 'api.unreachable', detail })

function drawMishap(fraction: number): Mishap {
  let below = 0
  for (const { kind, share } of mishaps) {
    below += share
    if (fraction < below) return { kind }
  }
  return { kind: 'none' }
}

function isEmpty(bundle: Bytes): boolean {
  const decoded = decodeBundle(bundle)
  return decoded.ok && decoded.value.events.length === 0
}

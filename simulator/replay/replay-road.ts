/**
 * The chargers' roads in a replay: cut off until the link comes up, and then as unreliable as links are. A road
 * answers an empty bundle from what it brought a while ago, so that simulated days are not thousands of round trips.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { Clock } from '@/lib/core/clock'
import { err } from '@/lib/core/result'
import { memoryRoad, type Mishap, type Receiver } from '@/lib/roads/memory-road'
import type { Road } from '@/lib/roads/road'
import { decodeBundle } from '@/lib/sync/bundle'

export interface LinkState {
  isUp: boolean
}

const mishaps = [
  { kind: 'drop', share: 0.05 },
  { kind: 'drop-answer', share: 0.1 },
  { kind: 'duplicate', share: 0.1 },
] as const

const newsFreshForMs = 1_800_000

export function replayRoad(receive: Receiver, link: LinkState, clock: Clock, fraction: () => number): Road {
  const road = memoryRoad(receive, () => drawMishap(fraction()))
  let kept: { readonly answer: Awaited<ReturnType<Road['send']>>; readonly atMs: number } | undefined
  return {
    name: 'replay',
    async send(bundle) {
      if (!link.isUp) return err({ code: 'api.unreachable', detail: 'No signal' })
      const nowMs = clock.monotonicMs()
      if (kept !== undefined && nowMs - kept.atMs < newsFreshForMs && isEmpty(bundle)) return kept.answer
      const answer = await road.send(bundle)
      if (answer.ok) kept = { answer, atMs: nowMs }
      return answer
    },
  }
}

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

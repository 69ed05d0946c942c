/**
 * A road in memory that does to bundles and answers what real roads do. Which mishap comes next is the caller's
 * decision, so that a test or a simulation with a seed can be run again.
 */

import { toBytes, type Bytes } from '@/lib/core/bytes'
import { unreachable } from '@/lib/core/assert'
import { err, ok, type Result } from '@/lib/core/result'
import type { Road, RoadFault, RoadNews } from './road'

/** The other end: what the cloud does with the bytes that arrive. */
export type Receiver = (bundle: Bytes) => Promise<Result<RoadNews, RoadFault>>

/** A bundle that is delayed arrives after a later one; `flip` and `truncate` say at which place, as a fraction. */
export type Mishap =
  | { readonly kind: 'none' | 'drop' | 'drop-answer' | 'duplicate' | 'delay' }
  | { readonly kind: 'truncate' | 'flip' | 'flip-answer'; readonly at: number }

export interface MemoryRoad extends Road {
  /** Delivers what is still under way. */
  arriveAll(): Promise<void>
}

/** Older bundles fall off: a courier's bag is not endless. */
const delayedMax = 100

export function memoryRoad(receive: Receiver, nextMishap: () => Mishap): MemoryRoad {
  const delayed: Bytes[] = []

  const arriveAll = async (): Promise<void> => {
    for (const bundle of delayed.splice(0)) await receive(bundle)
  }

  const send = async (bundle: Bytes): Promise<Result<RoadNews, RoadFault>> => {
    const mishap = nextMishap()
    switch (mishap.kind) {
      case 'none': {
        const answer = await receive(bundle)
        await arriveAll()
        return answer
      }
      case 'drop':
        return lost
      case 'drop-answer':
        await receive(bundle)
        return lost
      case 'duplicate':
        await receive(bundle)
        return receive(bundle)
      case 'delay':
        if (delayed.length === delayedMax) delayed.shift()
        delayed.push(bundle)
        return lost
      case 'truncate':
        return receive(bundle.slice(0, place(bundle, mishap.at)))
      case 'flip':
        return receive(flipped(bundle, mishap.at))
      case 'flip-answer':
        return withFlippedAnswer(await receive(bundle), mishap.at)
      default:
        return unreachable(mishap)
    }
  }

  return { name: 'memory', send, arriveAll }
}

const lost: Result<never, RoadFault> = err({ code: 'api.unreachable', detail: 'Lost on the way' })

const place = (bytes: Uint8Array, fraction: number): number => Math.floor(fraction * bytes.length)

function flipped(bytes: Bytes, fraction: number): Bytes {
  const copy = toBytes(bytes)
  const offset = place(copy, fraction)
  copy[offset] = (copy[offset] ?? 0) ^ 0x10
  return copy
}

function withFlippedAnswer(
  answer: Result<RoadNews, RoadFault>,
  fraction: number,
): Result<RoadNews, RoadFault> {
  if (!answer.ok) return answer
  return ok({ ...answer.value, acknowledgement: flipped(answer.value.acknowledgement, fraction) })
}

/**
 * Which revocations go out in which message, so that nothing is silently left out however many there are. The whole
 * list holds the oldest that still count and names the epoch up to which it is complete; deltas of at most 200 short
 * ids carry on from there to the present. For devices that are nearly up to date there are short ways, small enough
 * for one code. What does not fit into all of that waits, is counted, and goes out as soon as older grants expire. Pure.
 */

import type { GrantSerial } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { shortIdOf } from '@/lib/protocol/messages/revocation-delta'

export interface Revoked {
  readonly serial: GrantSerial
  /** The epoch that began with it. */
  readonly epoch: number
}

export interface RevocationStep {
  readonly fromEpoch: number
  readonly epoch: number
  /** Short ids. */
  readonly added: readonly string[]
}

export interface RevocationPlan {
  /** Complete up to its epoch. */
  readonly list: { readonly epoch: number; readonly serials: readonly GrantSerial[] }
  /** Shortest way first. */
  readonly deltas: readonly RevocationStep[]
}

/** Ids in a delta that makes an ordinary code (175 B), and one that stays within QR version 20 (about 700 B). */
const shortWays = [20, 140, limits.deltaSerialsMax] as const
/** Deltas beyond the list in one answer: 29 kB in base64, half of what a road may bring back. */
export const chainedDeltasMax = 24
/** Revocations that still count and that one answer can carry. */
export const announcedMax = limits.revokedSerialsMax + chainedDeltasMax * limits.deltaSerialsMax

/** @param live those whose grants have not expired, by rising epoch. @param epoch the newest of all. */
export function planRevocations(live: readonly Revoked[], epoch: number): RevocationPlan {
  const listed = live.slice(0, limits.revokedSerialsMax)
  const announced = live.slice(0, announcedMax)
  const reached = epochBefore(live, announced.length, epoch)
  const list = {
    epoch: epochBefore(live, listed.length, epoch),
    serials: listed.map(({ serial }) => serial).sort(),
  }
  const chained: RevocationStep[] = []
  for (let start = listed.length; start < announced.length; start += limits.deltaSerialsMax) {
    const end = Math.min(start + limits.deltaSerialsMax, announced.length)
    chained.push(step(live, start, end, epochBefore(live, end, epoch)))
  }
  const short = shortWays.map((count) =>
    step(live, Math.max(0, announced.length - count), announced.length, reached),
  )
  const byFrom = new Map([...short, ...chained].map((delta) => [`${delta.fromEpoch} ${delta.epoch}`, delta]))
  return { list, deltas: [...byFrom.values()].filter(({ added }) => added.length > 0) }
}

/** Up to where everything is told when the first `count` are: just before the next one. */
const epochBefore = (live: readonly Revoked[], count: number, epoch: number): number => {
  const next = live[count]
  return next === undefined ? epoch : next.epoch - 1
}

/** From the first of them on nothing may be missing; what is older has expired, so the first step begins at 0. */
const step = (live: readonly Revoked[], start: number, end: number, epoch: number): RevocationStep => ({
  fromEpoch: start === 0 ? 0 : (live[start]?.epoch ?? epoch + 1) - 1,
  epoch,
  added: live
    .slice(start, end)
    .map(({ serial }) => shortIdOf(serial))
    .sort(),
})

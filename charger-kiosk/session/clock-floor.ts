/**
 * How far a charger may trust its wall clock. A persisted floor (build time, last value, issue time of any verified
 * issuer message) bounds time from below, so that a clock back at 1970 or set back on purpose cannot make an expired
 * grant valid again. Quality says whether rules of time may be applied at all.
 */

import type { EpochSeconds } from '@/lib/core/units'
import type { ClockQuality } from '@/lib/protocol/common-fields'

export interface ClockFloor {
  readonly floorS: EpochSeconds
  /** The wall clock's reading when it last agreed with a fresh issuer message; undefined: never, or disproved since. */
  readonly agreedAtS: EpochSeconds | undefined
}

export interface TrustedTime {
  /** Never below the floor. */
  readonly nowS: EpochSeconds
  readonly quality: ClockQuality
}

/** A clock that agreed with the issuer within this time is synchronised. */
const synchronisedForS = 86_400
/** How far a fresh issuer message and the clock may differ: transport, and a slow reply. */
export const agreementS = 300

const later = (left: EpochSeconds, right: EpochSeconds): EpochSeconds => (left > right ? left : right)

export function trustedTime({ floorS, agreedAtS }: ClockFloor, wallS: EpochSeconds): TrustedTime {
  const nowS = later(wallS, floorS)
  // The issuer's clock may be a little ahead of a right one: waiting for ours to catch up is no reason for doubt.
  if (agreedAtS === undefined || floorS - wallS > agreementS) return { nowS, quality: 'unknown' }
  return { nowS, quality: wallS - agreedAtS <= synchronisedForS ? 'synchronised' : 'relative' }
}

/**
 * Takes in a verified issuer message. `fresh` means that it came as the answer to a question just asked, so that it
 * may say how right the clock is: right when both agree, behind when the issuer is ahead. A message from the past
 * proves nothing against the clock, because an issuer may repeat one.
 */
export function withIssuerTime(
  clock: ClockFloor,
  issuedAtS: EpochSeconds,
  wallS: EpochSeconds,
  fresh: boolean,
): ClockFloor {
  const floorS = later(clock.floorS, issuedAtS)
  const aheadS = wallS - issuedAtS
  if (!fresh || aheadS > agreementS) return { ...clock, floorS }
  return { floorS, agreedAtS: aheadS >= -agreementS ? wallS : undefined }
}

/**
 * Carries the floor up with a clock that is synchronised, and with no other: a clock that jumped ahead by years must
 * not lift the floor over every grant for good.
 */
export const withPassedTime = (clock: ClockFloor, wallS: EpochSeconds): ClockFloor =>
  trustedTime(clock, wallS).quality === 'synchronised'
    ? { ...clock, floorS: later(clock.floorS, wallS) }
    : clock

/** The wall clock and the monotonic timer disagreed about how much time passed: nothing is known until the issuer speaks. */
export const withJump = (clock: ClockFloor): ClockFloor => ({ ...clock, agreedAtS: undefined })

const jumpMs = 60_000

/** Whether the wall clock moved otherwise than the monotonic timer did. */
export const hasJumped = (wallElapsedS: number, monotonicElapsedMs: number): boolean =>
  Math.abs(wallElapsedS * 1_000 - monotonicElapsedMs) > jumpMs

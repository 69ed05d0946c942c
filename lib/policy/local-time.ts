/**
 * The hour on the wall at the chargers of a policy: UTC plus the offset that the policy itself lists, so that phone,
 * charger and cloud read the same hour without a time zone database.
 */

import { epochSeconds, type EpochSeconds } from '@/lib/core/units'
import type { LocalTime } from '@/lib/protocol/messages/policy-terms'

export const weekS = 7 * 86_400
/** 1970-01-01 was a Thursday; weeks begin on Monday. */
const thursdayS = 3 * 86_400

/** One stretch of time with one offset. */
export interface ClockSegment {
  readonly offsetS: number
  /** Where the next one begins; undefined: never. */
  readonly endS: EpochSeconds | undefined
}

/** Defined for every time: the first offset holds before its start, the last one after every other. */
export function clockSegmentAt({ changes }: LocalTime, timeS: EpochSeconds): ClockSegment {
  const next = changes.findIndex(({ fromS }, index) => index > 0 && fromS > timeS)
  const current = changes[(next === -1 ? changes.length : next) - 1]
  return { offsetS: (current?.offsetMinutes ?? 0) * 60, endS: next === -1 ? undefined : changes[next]?.fromS }
}

/** Seconds since the local Monday began, in [0, 604800). */
export const secondOfWeek = (timeS: EpochSeconds, { offsetS }: ClockSegment): number =>
  (timeS + offsetS + thursdayS + weekS) % weekS

export interface LocalHour {
  /** ISO 8601: 1 is Monday. */
  readonly weekday: number
  readonly minuteOfDay: number
}

export function localHourAt(localTime: LocalTime, timeS: EpochSeconds): LocalHour {
  const second = secondOfWeek(timeS, clockSegmentAt(localTime, timeS))
  return { weekday: Math.floor(second / 86_400) + 1, minuteOfDay: Math.floor((second % 86_400) / 60) }
}

/** Each entry begins later than the one before. */
export const isRising = ({ changes }: LocalTime): boolean =>
  changes.every(({ fromS }, index) => fromS > (changes[index - 1]?.fromS ?? epochSeconds(0) - 1))

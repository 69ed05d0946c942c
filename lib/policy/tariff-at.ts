/**
 * Which price a policy has at a time, and when it changes next. Pure and total: every second has exactly one price,
 * whatever clocks do, and the order in which periods are written says nothing.
 */

import { addSeconds, epochSeconds, type EpochSeconds } from '@/lib/core/units'
import type { CompactTariff, TariffChange } from '@/lib/protocol/messages/compact-tariff'
import type { Policy } from '@/lib/protocol/messages/policy'
import type { TimedPeriod } from '@/lib/protocol/messages/policy-terms'
import { clockSegmentAt, secondOfWeek, weekS } from './local-time'

type Priced = Pick<Policy, 'tariff' | 'periods' | 'localTime'>
type Rates = Pick<CompactTariff, 'energyPerKwh' | 'timePerMinute' | 'idlePerMinute'>

/** The whole price at this time: the tariff, with the rates of the period that holds. */
export function tariffAt(policy: Priced, timeS: EpochSeconds): CompactTariff {
  const { energyPerKwh, timePerMinute, idlePerMinute } = ratesAt(policy, timeS)
  return { ...policy.tariff, energyPerKwh, timePerMinute, idlePerMinute }
}

/** The first other price after `timeS` and before `untilS`. */
export function nextRateChange(
  policy: Priced,
  timeS: EpochSeconds,
  untilS: EpochSeconds,
): TariffChange | undefined {
  const { periods, localTime } = policy
  if (periods === undefined || localTime === undefined) return undefined
  const edges = edgesOf(periods)
  const now = ratesAt(policy, timeS)
  // Rates that stay for a whole week on one clock stay for good; a fortnight has such a week in it.
  const lastS = Math.min(untilS, timeS + 2 * weekS)
  let atS = timeS
  while (atS < lastS) {
    const segment = clockSegmentAt(localTime, atS)
    const second = secondOfWeek(atS, segment)
    const edge = edges.find((one) => one > second) ?? (edges[0] ?? 0) + weekS
    atS = epochSeconds(Math.min(addSeconds(atS, edge - second), segment.endS ?? Number.MAX_SAFE_INTEGER))
    const then = ratesAt(policy, atS)
    if (atS < lastS && !isSameRates(now, then)) return { atS, ...then }
  }
  return undefined
}

export const isSameRates = (left: Rates, right: Rates): boolean =>
  left.energyPerKwh === right.energyPerKwh &&
  left.timePerMinute === right.timePerMinute &&
  left.idlePerMinute === right.idlePerMinute

function ratesAt({ tariff, periods, localTime }: Priced, timeS: EpochSeconds): Rates {
  const { energyPerKwh, timePerMinute, idlePerMinute } =
    periods === undefined || localTime === undefined
      ? tariff
      : (periodAt(periods, secondOfWeek(timeS, clockSegmentAt(localTime, timeS))) ?? tariff)
  return { energyPerKwh, timePerMinute, idlePerMinute }
}

const periodAt = (periods: readonly TimedPeriod[], second: number): TimedPeriod | undefined =>
  periods.find((period) => spansOf(period).some(({ fromS, toS }) => second >= fromS && second < toS))

/** In seconds of the week; Sunday night's end lies in a second span at its beginning. */
interface WeekSpan {
  readonly fromS: number
  readonly toS: number
}

function spansOf({ weekdays, fromMinute, toMinute }: TimedPeriod): readonly WeekSpan[] {
  const minutes = toMinute > fromMinute ? toMinute - fromMinute : toMinute + 1_440 - fromMinute
  return [0, 1, 2, 3, 4, 5, 6]
    .filter((day) => (weekdays & (1 << day)) !== 0)
    .flatMap((day) => {
      const fromS = day * 86_400 + fromMinute * 60
      const toS = fromS + minutes * 60
      return toS <= weekS
        ? [{ fromS, toS }]
        : [
            { fromS, toS: weekS },
            { fromS: 0, toS: toS - weekS },
          ]
    })
}

/** Where a price may change, ascending; seconds of the week. */
const edgesOf = (periods: readonly TimedPeriod[]): readonly number[] =>
  [...new Set(periods.flatMap(spansOf).flatMap(({ fromS, toS }) => [fromS, toS % weekS]))].sort(
    (left, right) => left - right,
  )

/** Two periods that hold at once would make the price a matter of their order. */
export function hasOverlap(periods: readonly TimedPeriod[]): boolean {
  const spans = periods.flatMap(spansOf).sort((left, right) => left.fromS - right.fromS)
  return spans.some(({ fromS }, index) => fromS < (spans[index - 1]?.toS ?? 0))
}

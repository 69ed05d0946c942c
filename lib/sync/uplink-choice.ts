/**
 * Which of a charger's uplinks carries something now: the cheapest one that may. What is urgent goes at any hour within the
 * budgets; the rest waits for an uplink's windows, where it has some. Pure.
 */

import type { EpochSeconds } from '@/lib/core/units'
import type { ParcelPriority } from './parcel'
import {
  mayStart,
  priceOf,
  type RoadCost,
  type RoadLeave,
  type RoadSpent,
  type RoadTerms,
} from './road-budget'

/** Hours of the day, UTC: 22 to 5 goes over midnight. */
export interface DayWindow {
  readonly fromHour: number
  readonly toHour: number
}

export interface UplinkTerms extends RoadTerms {
  readonly name: string
  /** Cheap or quiet hours; none: any hour. */
  readonly windows?: readonly DayWindow[]
  /** Below it, what is not urgent waits for a better signal, at most `signalWaitS`. */
  readonly signalMinPercent?: number
  readonly signalWaitS?: number
}

export interface UplinkStanding {
  readonly terms: UplinkTerms
  readonly spent: RoadSpent
  /** It failed lately; asked only where no other is left. */
  readonly isResting: boolean
  /** Since when the signal is below `signalMinPercent`; undefined while it is not, or nobody knows. */
  readonly weakSinceS?: EpochSeconds | undefined
}

const hourS = 3_600
const dayS = 86_400
const signalWaitUsualS = 12 * hourS
const signalLookS = 300

/** When the next window begins; undefined while one is open or there are none. */
export function opensAt(windows: readonly DayWindow[] | undefined, nowS: EpochSeconds): number | undefined {
  if (windows === undefined || windows.length === 0) return undefined
  const second = nowS % dayS
  const isOpen = windows.some(({ fromHour, toHour }) => {
    const [from, to] = [fromHour * hourS, toHour * hourS]
    return from < to ? second >= from && second < to : second >= from || second < to
  })
  if (isOpen) return undefined
  const waits = windows.map(({ fromHour }) => (fromHour * hourS - second + dayS) % dayS)
  return nowS + Math.min(...waits)
}

/** Whether this uplink may carry it now. */
export function uplinkLeave(
  { terms, spent, weakSinceS }: Pick<UplinkStanding, 'terms' | 'spent' | 'weakSinceS'>,
  cost: RoadCost,
  priority: ParcelPriority,
  nowS: EpochSeconds,
): RoadLeave {
  if (priority !== 'urgent') {
    const opensS = opensAt(terms.windows, nowS)
    if (opensS !== undefined) return { kind: 'no', bound: 'window', untilS: opensS }
    const betterS = weakUntil(terms, weakSinceS, nowS)
    if (betterS !== undefined) return { kind: 'no', bound: 'signal', untilS: betterS }
  }
  return mayStart(spent, terms, cost, priority, nowS)
}

/** Until when a weak signal is waited out; it is looked at again every few minutes. A clock set back waits no longer than that. */
function weakUntil(terms: UplinkTerms, weakSinceS: EpochSeconds | undefined, nowS: EpochSeconds) {
  if (weakSinceS === undefined) return undefined
  const goesAnywayS = Math.min(weakSinceS, nowS) + (terms.signalWaitS ?? signalWaitUsualS)
  return goesAnywayS <= nowS ? undefined : Math.min(goesAnywayS, nowS + signalLookS)
}

/** Those that may carry it, in the order in which they are tried: rested before resting, cheap before dear, as they stand. */
export const uplinksFor = <T extends UplinkStanding>(
  uplinks: readonly T[],
  cost: RoadCost,
  priority: ParcelPriority,
  nowS: EpochSeconds,
): readonly T[] =>
  uplinks
    .filter((uplink) => uplinkLeave(uplink, cost, priority, nowS).kind === 'yes')
    .toSorted(
      (one, other) =>
        Number(one.isResting) - Number(other.isResting) ||
        priceOf(one.terms, cost) - priceOf(other.terms, cost),
    )

/** Yes where any may; else until the first of them may. */
export function anyLeave(
  uplinks: readonly UplinkStanding[],
  cost: RoadCost,
  priority: ParcelPriority,
  nowS: EpochSeconds,
): RoadLeave {
  let soonest: RoadLeave | undefined
  for (const uplink of uplinks) {
    const leave = uplinkLeave(uplink, cost, priority, nowS)
    if (leave.kind === 'yes') return leave
    if (soonest === undefined || (soonest.kind === 'no' && leave.untilS < soonest.untilS)) soonest = leave
  }
  return soonest ?? { kind: 'yes' }
}

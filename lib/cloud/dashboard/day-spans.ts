/** Pure: which spans of time have to be added up, from the days in which something changed. */

import { monthStartS } from '../issuance/fleet-budget'

export const dayS = 86_400
/** So many days are added up by one statement. */
const runDaysMax = 31

export interface Span {
  readonly fromS: number
  /** Not included. */
  readonly toS: number
}

/** Days that follow each other are one span; `days` are sorted. */
export function runsOf(days: readonly number[]): readonly Span[] {
  const runs: Span[] = []
  for (const day of days) {
    const last = runs.at(-1)
    if (last !== undefined && last.toS === day && day - last.fromS < runDaysMax * dayS)
      runs[runs.length - 1] = { fromS: last.fromS, toS: day + dayS }
    else runs.push({ fromS: day, toS: day + dayS })
  }
  return runs
}

/** Calendar months in UTC that any of the days lies in. */
export const monthsOf = (days: readonly number[]): readonly Span[] =>
  [...new Set(days.map(monthStartS))].map((fromS) => ({
    fromS,
    // From any day in the middle of the next month.
    toS: monthStartS(fromS + 45 * dayS),
  }))

/** British wall-clock time, as the corridor's file has it, to seconds since 1970. */

import { epochSeconds, type EpochSeconds } from '@/lib/core/units'

const pattern = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})$/

/**
 * `YYYY-MM-DDTHH:MM`, or undefined for anything else. Summer time runs from 01:00 UTC on the last Sunday of March to
 * 01:00 UTC on the last Sunday of October; the hour that repeats in October is read as summer time.
 */
export function londonEpochSeconds(local: string): EpochSeconds | undefined {
  const match = pattern.exec(local)
  if (match === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map(Number)
  const asUtcS = Date.UTC(year, month - 1, day, hour, minute) / 1_000
  const isReal = new Date(asUtcS * 1_000).toISOString().startsWith(local)
  if (!isReal) return undefined
  const summerFromS = lastSundayAtOne(year, 2)
  const summerUntilS = lastSundayAtOne(year, 9)
  const isSummer = asUtcS - 3_600 >= summerFromS && asUtcS - 3_600 < summerUntilS
  return epochSeconds(isSummer ? asUtcS - 3_600 : asUtcS)
}

/** 01:00 UTC on the last Sunday of a month of 31 days; `month` counts from 0. */
function lastSundayAtOne(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month, 31))
  return Date.UTC(year, month, 31 - last.getUTCDay(), 1) / 1_000
}

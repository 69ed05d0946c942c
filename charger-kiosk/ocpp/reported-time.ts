/** Times as chargers write them (RFC 3339, often without a zone) and whether they can be believed. */

import { addSeconds, epochSeconds, type EpochSeconds } from '@/lib/core/units'
import type { ReportedTime } from './port'

/** What a reported time is judged against. */
export interface TimeFrame {
  readonly receivedAtS: EpochSeconds
  readonly clockFloorS: EpochSeconds
}

/** A day of grace for chargers that keep local time without saying so. */
const aheadMaxS = 86_400

const timePattern = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,12})?(?:Z|([+-])(\d\d):?(\d\d))?$/i

/** Whole seconds, rounded down; a missing zone means UTC. Undefined for what is no time or lies before 1970. */
export function parseTime(text: string): EpochSeconds | undefined {
  const match = timePattern.exec(text.trim())
  if (match === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number)
  const offsetHours = Number(match[8] ?? 0)
  const offsetMinutes = Number(match[9] ?? 0)
  if (hour > 23 || minute > 59 || second > 60 || offsetHours > 23 || offsetMinutes > 59) return undefined
  const date = new Date(Date.UTC(year, month - 1, day))
  const sameDay =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  if (!sameDay) return undefined
  const offsetS = (offsetHours * 60 + offsetMinutes) * 60 * (match[7] === '-' ? -1 : 1)
  const timeS = date.getTime() / 1000 + hour * 3600 + minute * 60 + second - offsetS
  return timeS < 0 ? undefined : epochSeconds(timeS)
}

export function reportedTime(text: unknown, frame: TimeFrame): ReportedTime {
  const reportedAtS = typeof text === 'string' ? parseTime(text) : undefined
  const plausible =
    reportedAtS !== undefined &&
    reportedAtS >= frame.clockFloorS &&
    reportedAtS <= addSeconds(frame.receivedAtS, aheadMaxS)
  return { receivedAtS: frame.receivedAtS, reportedAtS, plausible }
}

/** As OCPP writes times: RFC 3339 in UTC with milliseconds. */
export const formatTime = (timeS: EpochSeconds): string => new Date(timeS * 1000).toISOString()

/** Times, spans and ages as people read them. `nowS` and the time zone are given, never read from the platform. */

import { dateFormat, localeTag, numberFormat } from './intl-cache'
import type { Locale } from './locale'

const daySeconds = 86_400

/** What "when" looks like: the time zone of the reader and the present. */
export interface TimeFrame {
  readonly nowS: number
  readonly timeZone: string
}

function yearOf(atS: number, timeZone: string): string {
  return dateFormat('en', { timeZone, year: 'numeric' }).format(atS * 1000)
}

/** "Thu 18:00" within six days either way, "12 Aug, 18:00" within the year, else with the year. */
export function formatMoment(locale: Locale, atS: number, frame: TimeFrame): string {
  const { nowS, timeZone } = frame
  const clock: Intl.DateTimeFormatOptions = { timeZone, hour: '2-digit', minute: '2-digit', hour12: false }
  if (Math.abs(atS - nowS) < 6 * daySeconds) {
    const weekday = dateFormat(locale, { timeZone, weekday: 'short' }).format(atS * 1000)
    return `${weekday.replace(/\.$/, '')} ${dateFormat(locale, clock).format(atS * 1000)}`
  }
  const sameYear = yearOf(atS, timeZone) === yearOf(nowS, timeZone)
  return dateFormat(locale, {
    ...clock,
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(atS * 1000)
}

/** For receipts: always the whole date, "12 Aug 2026, 18:00:05". */
export function formatTimestamp(locale: Locale, atS: number, timeZone: string): string {
  return dateFormat(locale, { timeZone, dateStyle: 'medium', timeStyle: 'medium', hour12: false }).format(
    atS * 1000,
  )
}

/** A day alone: "13 Sept 2026". */
export function formatDay(locale: Locale, atS: number, timeZone: string): string {
  return dateFormat(locale, { timeZone, day: 'numeric', month: 'short', year: 'numeric' }).format(atS * 1000)
}

/** "18:00". */
export function formatClock(locale: Locale, atS: number, timeZone: string): string {
  return dateFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit', hour12: false }).format(
    atS * 1000,
  )
}

/** "August 2026", the head of a list. */
export function formatMonth(locale: Locale, atS: number, timeZone: string): string {
  return dateFormat(locale, { timeZone, month: 'long', year: 'numeric' }).format(atS * 1000)
}

/** "Aug", under a bar of a picture. */
export function formatMonthShort(locale: Locale, atS: number, timeZone: string): string {
  return dateFormat(locale, { timeZone, month: 'short' })
    .format(atS * 1000)
    .replace(/\.$/, '')
    .slice(0, 3)
}

type TimeUnit = 'second' | 'minute' | 'hour' | 'day'

/** British English writes "12 mins"; screens and meters write "12 min", as American English does. */
const unit = (locale: Locale, value: number, name: TimeUnit): string =>
  numberFormat(
    locale,
    { style: 'unit', unit: name, unitDisplay: name === 'day' ? 'long' : 'short' },
    locale === 'en' ? 'en-US' : undefined,
  ).format(value)

/** The two largest parts: "45 sec", "12 min", "1 hr 25 min", "2 days 3 hr". */
export function formatDuration(locale: Locale, spanS: number): string {
  const minutes = Math.floor(spanS / 60)
  if (minutes < 1) return unit(locale, Math.max(0, Math.floor(spanS)), 'second')
  const hours = Math.floor(minutes / 60)
  if (hours < 1) return unit(locale, minutes, 'minute')
  const days = Math.floor(hours / 24)
  const parts: readonly string[] =
    days < 1
      ? [unit(locale, hours, 'hour'), ...(minutes % 60 > 0 ? [unit(locale, minutes % 60, 'minute')] : [])]
      : [unit(locale, days, 'day'), ...(hours % 24 > 0 ? [unit(locale, hours % 24, 'hour')] : [])]
  return parts.join(' ')
}

/** How long ago, in the largest whole unit; anything under a minute, and anything ahead of the clock, is "now". */
export function formatAge(locale: Locale, atS: number, nowS: number): string {
  const tag = localeTag(locale)
  const age = nowS - atS
  if (age < 60) return new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }).format(0, 'second')
  const format = new Intl.RelativeTimeFormat(tag, { style: 'short' })
  if (age < 3600) return format.format(-Math.floor(age / 60), 'minute')
  if (age < daySeconds) return format.format(-Math.floor(age / 3600), 'hour')
  return format.format(-Math.floor(age / daySeconds), 'day')
}

/**
 * Seconds of each bay and day, by why it could or could not charge. 23 CFR 680.116(b) calls a port up when its hardware
 * and software are online and it is available or in use. What that rule lets an operator leave out (a dead grid,
 * planned work, vandals) no charger can prove alone: here everything but `up` counts against it.
 *
 * Durations are of a monotonic timer, days of the charger's clock. A book is written whole: what it says and until when
 * it says it cannot come apart, so no second counts twice.
 */

import { limits } from '@/lib/core/limits'
import { encodeCbor } from '@/lib/protocol/cbor'
import { at, integer, list, optional, readField, struct, uint } from '@/lib/protocol/fields'

export const bayStandings = ['up', 'faulted', 'silent', 'takenOut', 'closed', 'dark'] as const
/**
 * - `faulted`: its OCPP charger says so;
 * - `silent`: that charger is not connected, or has not said how the bay is;
 * - `takenOut`: by a technician;
 * - `closed`: this controller may not sell, for its papers, keys, disk or policy;
 * - `dark`: this controller did not run.
 */
export type BayStanding = (typeof bayStandings)[number]
export type StandingSeconds = Readonly<Record<BayStanding, number>>

/** One bay on one day since 1970, in UTC. */
type BayDay = StandingSeconds & { readonly connectorId: number; readonly day: number }

export interface UptimeBook {
  /** Until when it speaks, in Unix time; never falls. 0: nothing yet. */
  readonly markS: number
  readonly days: readonly BayDay[]
  /** The last day that stands in the charger's log; undefined before the first. */
  readonly toldDay?: number | undefined
}

export const emptyUptime: UptimeBook = { markS: 0, days: [] }

const dayS = 86_400
const nothing: StandingSeconds = { up: 0, faulted: 0, silent: 0, takenOut: 0, closed: 0, dark: 0 }

/** @param livedS since the last mark of this run, on the monotonic timer; undefined at its first */
export function markUptime(
  book: UptimeBook,
  nowS: number,
  livedS: number | undefined,
  standings: ReadonlyMap<number, BayStanding>,
): UptimeBook {
  const gapS = book.markS === 0 ? 0 : Math.max(0, nowS - book.markS)
  const spanS = Math.min(livedS ?? gapS, limits.uptimeDaysMax * dayS)
  const days = new Map(book.days.map((one) => [keyOf(one.connectorId, one.day), one]))
  for (const [connectorId, standing] of standings) {
    const counted = livedS === undefined ? 'dark' : standing
    for (const [day, seconds] of partsByDay(nowS - spanS, nowS)) {
      const key = keyOf(connectorId, day)
      const known = days.get(key) ?? { connectorId, day, ...nothing }
      // Where the clock went back, a day comes again; it has no more seconds for that.
      const room = dayS - sumOf(known)
      days.set(key, { ...known, [counted]: known[counted] + Math.min(seconds, room) })
    }
  }
  const markS = Math.max(book.markS, nowS)
  const firstDay = Math.floor(markS / dayS) - limits.uptimeDaysMax + 1
  return { ...book, markS, days: [...days.values()].filter(({ day }) => day >= firstDay) }
}

/** Days that are over and not told yet, the oldest first. */
export function daysToTell({ markS, days, toldDay = -1 }: UptimeBook): readonly DayOfBays[] {
  const today = Math.floor(markS / dayS)
  const due = days.filter(({ day }) => day > toldDay && day < today)
  return [...new Set(due.map(({ day }) => day))]
    .toSorted((one, other) => one - other)
    .map((day) => ({
      day,
      bays: due
        .filter((one) => one.day === day)
        .map(({ day: _day, ...bay }) => bay)
        .toSorted((one, other) => one.connectorId - other.connectorId)
        .slice(0, limits.telemetryBaysMax),
    }))
}

export interface DayOfBays {
  readonly day: number
  readonly bays: readonly (StandingSeconds & { readonly connectorId: number })[]
}

/** Of one bay, over all the days that are kept. */
export function uptimeOf(book: UptimeBook, connectorId: number): StandingSeconds {
  const sums = { ...nothing }
  for (const one of book.days) {
    if (one.connectorId !== connectorId) continue
    for (const standing of bayStandings) sums[standing] += one[standing]
  }
  return sums
}

/** 0 to 1; undefined before anything was seen. */
export function uptimeRatio(seconds: StandingSeconds): number | undefined {
  const all = sumOf(seconds)
  return all === 0 ? undefined : seconds.up / all
}

const sumOf = (seconds: StandingSeconds): number =>
  bayStandings.reduce((sum, standing) => sum + seconds[standing], 0)

const keyOf = (connectorId: number, day: number): string => `${connectorId} ${day}`

function partsByDay(fromS: number, toS: number): readonly (readonly [number, number])[] {
  const parts: (readonly [number, number])[] = []
  for (let startS = Math.max(0, fromS); startS < toS;) {
    const day = Math.floor(startS / dayS)
    const endS = Math.min(toS, (day + 1) * dayS)
    parts.push([day, endS - startS])
    startS = endS
  }
  return parts
}

const secondsField = uint(dayS)
const dayField = struct({
  connectorId: at(1, uint(255)),
  day: at(2, uint(0xffff_ffff)),
  up: at(3, secondsField),
  faulted: at(4, secondsField),
  silent: at(5, secondsField),
  takenOut: at(6, secondsField),
  closed: at(7, secondsField),
  dark: at(8, secondsField),
})
const bookField = struct({
  markS: at(
    1,
    integer((value) => value),
  ),
  days: at(2, list(dayField, limits.uptimeDaysMax * 255)),
  toldDay: optional(3, uint(0xffff_ffff)),
})

export const encodeUptime = (book: UptimeBook): Uint8Array<ArrayBuffer> => encodeCbor(bookField.encode(book))

/** Undefined where it is not one. */
export const decodeUptime = (bytes: Uint8Array): UptimeBook | undefined => readField(bookField, bytes)

/**
 * What a metered road may still carry: bytes and seconds of a day, bytes and money of a month (UTC), with a share left for
 * what is urgent. Pure; the caller keeps the state where a restart does not lose it, and charges before it sends what it is
 * about to send: a budget that every restart overdraws is none.
 *
 * Money is counted in millionths of the smallest unit of the currency, so that a price per megabyte is exact for one byte.
 */

import { encodeCbor } from '@/lib/protocol/cbor'
import { at, integer, readField, struct } from '@/lib/protocol/fields'
import type { EpochSeconds } from '@/lib/core/units'
import type { ParcelPriority } from './parcel'

export interface RoadTerms {
  readonly bytesPerDayMax?: number
  readonly bytesPerMonthMax?: number
  readonly secondsPerDayMax?: number
  readonly moneyPerMonthMaxMinor?: number
  /** Of 1,000,000 bytes, both ways. */
  readonly pricePerMbMinor?: number
  readonly pricePerMessageMinor?: number
  /** Percent of every budget that only what is urgent may use; 20 unless told otherwise. */
  readonly urgentPercent?: number
}

export interface RoadCost {
  readonly bytes: number
  readonly messages?: number
  readonly seconds?: number
}

/** What was used of the day and the month that the last charge fell into. */
export interface RoadSpent {
  /** Days since 1970-01-01, UTC. */
  readonly day: number
  readonly dayBytes: number
  readonly daySeconds: number
  readonly monthBytes: number
  readonly monthMicroMinor: number
}

export const nothingSpent: RoadSpent = {
  day: 0,
  dayBytes: 0,
  daySeconds: 0,
  monthBytes: 0,
  monthMicroMinor: 0,
}

export type RoadBound =
  'window' | 'signal' | 'bytes-per-day' | 'seconds-per-day' | 'bytes-per-month' | 'money-per-month'

/** `untilS`: when the day or the month is over. */
export type RoadLeave =
  { readonly kind: 'yes' } | { readonly kind: 'no'; readonly bound: RoadBound; readonly untilS: number }

const dayS = 86_400
const urgentPercentUsual = 20
/** Of the share for what is urgent, how many a priority leaves: what may come later leaves as much again for what is not. */
const sharesLeft = { urgent: 0, ordinary: 1, later: 2 } as const satisfies Record<ParcelPriority, number>
/** A clock that is set back by more was wrong before: its day is not waited for. */
const daysBackMax = 2

export const dayOf = (timeS: EpochSeconds): number => Math.floor(timeS / dayS)

const monthOf = (day: number): number => {
  const date = new Date(day * dayS * 1_000)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

const firstDayAfterMonthOf = (day: number): number => {
  const month = monthOf(day) + 1
  return Math.floor(Date.UTC(Math.floor(month / 12), month % 12, 1) / 1_000 / dayS)
}

/**
 * What is used of the present day and month. A clock set back a little finds the day that was charged last, so that it
 * cannot be used up twice; one set back by far goes on counting in the day that it shows.
 */
export function spentAt(spent: RoadSpent, nowS: EpochSeconds): RoadSpent {
  const today = dayOf(nowS)
  if (today === spent.day) return spent
  if (today < spent.day) return spent.day - today <= daysBackMax ? spent : { ...spent, day: today }
  if (monthOf(today) !== monthOf(spent.day)) return { ...nothingSpent, day: today }
  return { ...spent, day: today, dayBytes: 0, daySeconds: 0 }
}

/** Whether something of this cost may set out now. A road without budgets carries everything. */
export function mayStart(
  spent: RoadSpent,
  terms: RoadTerms,
  cost: RoadCost,
  priority: ParcelPriority,
  nowS: EpochSeconds,
): RoadLeave {
  const now = spentAt(spent, nowS)
  const percent = 100 - (terms.urgentPercent ?? urgentPercentUsual) * sharesLeft[priority]
  const after = add(now, terms, cost)
  const { moneyPerMonthMaxMinor: moneyMax } = terms
  const money = moneyMax === undefined ? undefined : moneyMax * 1_000_000
  const bounds: readonly (readonly [RoadBound, used: number, max: number | undefined])[] = [
    ['bytes-per-month', after.monthBytes, terms.bytesPerMonthMax],
    ['money-per-month', after.monthMicroMinor, money],
    ['bytes-per-day', after.dayBytes, terms.bytesPerDayMax],
    ['seconds-per-day', after.daySeconds, terms.secondsPerDayMax],
  ]
  for (const [bound, used, max] of bounds) {
    if (max === undefined || used <= Math.floor((max * percent) / 100)) continue
    const isMonth = bound === 'bytes-per-month' || bound === 'money-per-month'
    const untilDay = isMonth ? firstDayAfterMonthOf(now.day) : now.day + 1
    return { kind: 'no', bound, untilS: untilDay * dayS }
  }
  return { kind: 'yes' }
}

/** What went is counted even beyond the budget: it did go. Fewer bytes than were counted before are taken off again. */
export const charge = (spent: RoadSpent, terms: RoadTerms, cost: RoadCost, nowS: EpochSeconds): RoadSpent =>
  add(spentAt(spent, nowS), terms, cost)

function add(spent: RoadSpent, terms: RoadTerms, cost: RoadCost): RoadSpent {
  const { bytes, messages = 0, seconds = 0 } = cost
  const { pricePerMbMinor = 0, pricePerMessageMinor = 0 } = terms
  const microMinor = Math.ceil(bytes * pricePerMbMinor + messages * pricePerMessageMinor * 1_000_000)
  return {
    day: spent.day,
    dayBytes: Math.max(0, spent.dayBytes + bytes),
    daySeconds: spent.daySeconds + seconds,
    monthBytes: Math.max(0, spent.monthBytes + bytes),
    monthMicroMinor: Math.max(0, spent.monthMicroMinor + microMinor),
  }
}

/** Cheapest first: what these many bytes cost, in millionths. Without a price it costs nothing. */
export const priceOf = (terms: RoadTerms, cost: RoadCost): number =>
  add(nothingSpent, terms, cost).monthMicroMinor

const count = integer((value) => value)
const wire = struct({
  day: at(1, count),
  dayBytes: at(2, count),
  daySeconds: at(3, count),
  monthBytes: at(4, count),
  monthMicroMinor: at(5, count),
})

/** For whoever keeps it as a row or a file. */
export const encodeRoadSpent = (spent: RoadSpent): Uint8Array<ArrayBuffer> => encodeCbor(wire.encode(spent))

/** Undefined where it is not one: then nothing is known to have been used. */
export const decodeRoadSpent = (bytes: Uint8Array): RoadSpent | undefined => readField(wire, bytes)

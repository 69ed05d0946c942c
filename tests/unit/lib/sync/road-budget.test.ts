import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { epochSeconds } from '@/lib/core/units'
import {
  charge,
  dayOf,
  decodeRoadSpent,
  encodeRoadSpent,
  mayStart,
  nothingSpent,
  priceOf,
  spentAt,
  type RoadCost,
  type RoadSpent,
  type RoadTerms,
} from '@/lib/sync/road-budget'

const at = (iso: string) => epochSeconds(Date.parse(iso) / 1_000)
const noon = at('2026-03-30T12:00:00Z')
const dayS = 86_400

const chargedAt = (terms: RoadTerms, cost: RoadCost, nowS = noon): RoadSpent =>
  charge(nothingSpent, terms, cost, nowS)

test('a road without budgets carries everything', () => {
  expect(mayStart(nothingSpent, {}, { bytes: 1e12, messages: 9, seconds: 9 }, 'later', noon)).toEqual({
    kind: 'yes',
  })
})

describe('each bound', () => {
  const cases: readonly (readonly [string, RoadTerms, RoadCost, string, string])[] = [
    ['bytes of a day', { bytesPerDayMax: 100 }, { bytes: 80 }, 'bytes-per-day', '2026-03-31T00:00:00Z'],
    [
      'seconds of a day',
      { secondsPerDayMax: 100 },
      { bytes: 0, seconds: 80 },
      'seconds-per-day',
      '2026-03-31T00:00:00Z',
    ],
    ['bytes of a month', { bytesPerMonthMax: 100 }, { bytes: 80 }, 'bytes-per-month', '2026-04-01T00:00:00Z'],
    [
      'money of a month',
      { moneyPerMonthMaxMinor: 100, pricePerMessageMinor: 8 },
      { bytes: 0, messages: 10 },
      'money-per-month',
      '2026-04-01T00:00:00Z',
    ],
  ]
  test.each(cases)('%s ends what is not urgent at four fifths', (_name, terms, cost, bound, until) => {
    expect(mayStart(nothingSpent, terms, cost, 'ordinary', noon)).toEqual({ kind: 'yes' })
    const spent = chargedAt(terms, cost)
    const more = { bytes: 1, messages: 1, seconds: 1 }
    expect(mayStart(spent, terms, more, 'ordinary', noon)).toEqual({ kind: 'no', bound, untilS: at(until) })
    expect(mayStart(spent, terms, more, 'urgent', noon)).toEqual({ kind: 'yes' })
    expect(mayStart(charge(spent, terms, cost, noon), terms, more, 'urgent', noon).kind).toBe('no')
  })
})

test('the share for what is urgent is the terms’', () => {
  const terms = { bytesPerDayMax: 100, urgentPercent: 50 }
  expect(mayStart(nothingSpent, terms, { bytes: 50 }, 'ordinary', noon).kind).toBe('yes')
  expect(mayStart(nothingSpent, terms, { bytes: 51 }, 'ordinary', noon).kind).toBe('no')
})

test('a new day gives the day back and keeps the month; a new month gives both back', () => {
  const spent = chargedAt({ pricePerMbMinor: 50 }, { bytes: 1_000_000, seconds: 7 })
  expect(spent).toEqual({
    ...{ day: dayOf(noon), dayBytes: 1_000_000, daySeconds: 7 },
    ...{ monthBytes: 1_000_000, monthMicroMinor: 50_000_000 },
  })
  const tomorrow = at('2026-03-31T00:00:00Z')
  expect(spentAt(spent, tomorrow)).toMatchObject({ dayBytes: 0, daySeconds: 0, monthBytes: 1_000_000 })
  expect(spentAt(spent, at('2026-04-01T00:00:00Z'))).toEqual({ ...nothingSpent, day: dayOf(noon) + 2 })
  expect(spentAt(spent, at('2027-03-30T12:00:00Z'))).toMatchObject({ monthBytes: 0 })
})

test('a clock that steps over midnight and back gives no day twice', () => {
  const terms = { bytesPerDayMax: 100 }
  const after = charge(nothingSpent, terms, { bytes: 100 }, at('2026-03-31T00:00:05Z'))
  const before = spentAt(after, at('2026-03-30T23:59:55Z'))
  expect(before).toEqual(after)
  expect(mayStart(before, terms, { bytes: 1 }, 'urgent', at('2026-03-30T23:59:55Z')).kind).toBe('no')
})

test('a clock that was years ahead does not close the road until then', () => {
  const terms = { bytesPerDayMax: 100 }
  const ahead = charge(nothingSpent, terms, { bytes: 100 }, at('2031-01-01T00:00:00Z'))
  expect(mayStart(ahead, terms, { bytes: 1 }, 'urgent', noon).kind).toBe('no')
  const set = charge(ahead, terms, { bytes: 0 }, noon)
  expect(mayStart(set, terms, { bytes: 100 }, 'urgent', epochSeconds(noon + dayS)).kind).toBe('yes')
})

test('one byte has its exact price', () => {
  expect(priceOf({ pricePerMbMinor: 3 }, { bytes: 1 })).toBe(3)
  expect(priceOf({ pricePerMbMinor: 0.0001 }, { bytes: 1 })).toBe(1)
  expect(priceOf({ pricePerMessageMinor: 7 }, { bytes: 340, messages: 2 })).toBe(14_000_000)
})

test('comes back from bytes as it was, and garbage as nothing', () => {
  const spent = chargedAt({ pricePerMbMinor: 50 }, { bytes: 1_234, seconds: 5 })
  expect(decodeRoadSpent(encodeRoadSpent(spent))).toEqual(spent)
  expect(decodeRoadSpent(new Uint8Array([1, 2, 3]))).toBeUndefined()
  expect(decodeRoadSpent(encodeRoadSpent(spent).subarray(0, -1))).toBeUndefined()
})

test('whatever is asked and however the clock goes forward, no day and no month is overdrawn', () => {
  const step = fc.record({
    bytes: fc.nat(400),
    isUrgent: fc.boolean(),
    restS: fc.nat(2 * dayS),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const terms = { bytesPerDayMax: 1_000, bytesPerMonthMax: 5_000 }
      const days = new Map<number, number>()
      const months = new Map<string, number>()
      let spent = nothingSpent
      let nowS = noon
      for (const { bytes, isUrgent, restS } of steps) {
        nowS = epochSeconds(nowS + restS)
        if (mayStart(spent, terms, { bytes }, isUrgent ? 'urgent' : 'ordinary', nowS).kind === 'no') continue
        spent = charge(spent, terms, { bytes }, nowS)
        const month = new Date(nowS * 1_000).toISOString().slice(0, 7)
        days.set(dayOf(nowS), (days.get(dayOf(nowS)) ?? 0) + bytes)
        months.set(month, (months.get(month) ?? 0) + bytes)
      }
      expect(Math.max(0, ...days.values())).toBeLessThanOrEqual(1_000)
      expect(Math.max(0, ...months.values())).toBeLessThanOrEqual(5_000)
    }),
  )
})

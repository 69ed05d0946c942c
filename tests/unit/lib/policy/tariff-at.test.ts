import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { epochSeconds, type EpochSeconds } from '@/lib/core/units'
import { localHourAt } from '@/lib/policy/local-time'
import { hasOverlap, nextRateChange, tariffAt } from '@/lib/policy/tariff-at'
import type { TimedPeriod } from '@/lib/protocol/messages/policy-terms'
import { storyTariff } from '@/tests/fixtures/messages'
import { berlin, nightPeriods, timedPolicy } from '@/tests/fixtures/timed-policy'

const at = (iso: string): EpochSeconds => epochSeconds(Date.parse(iso) / 1_000)
const priceAt = (iso: string): number => tariffAt(timedPolicy, at(iso)).energyPerKwh
const changeAfter = (iso: string, hours = 12) => {
  const change = nextRateChange(timedPolicy, at(iso), epochSeconds(at(iso) + hours * 3_600))
  return change && [new Date(change.atS * 1_000).toISOString().slice(0, 16), change.energyPerKwh]
}

describe('the price by the hour', () => {
  test.each([
    ['a summer Tuesday at noon', '2026-09-01T12:00:00Z', 4_900],
    ['a second before ten at night', '2026-09-01T19:59:59Z', 4_900],
    ['ten at night', '2026-09-01T20:00:00Z', 2_900],
    ['after midnight', '2026-09-01T23:30:00Z', 2_900],
    ['six in the morning', '2026-09-02T04:00:00Z', 4_900],
    ['Sunday at noon', '2026-09-06T10:00:00Z', 3_900],
    ['the night from Sunday to Monday', '2026-09-07T01:00:00Z', 2_900],
    ['winter, ten at night', '2026-12-01T21:00:00Z', 2_900],
    ['winter, a second before ten', '2026-12-01T20:59:59Z', 4_900],
  ])('%s', (_name, iso, expected) => {
    expect(priceAt(iso)).toBe(expected)
  })

  test('only the rates change: currency, fee, grace and tax are those of the tariff', () => {
    const night = tariffAt(timedPolicy, at('2026-09-01T22:00:00Z'))
    expect(night).toEqual({ ...storyTariff, energyPerKwh: 2_900, timePerMinute: 0, idlePerMinute: 0 })
  })

  test('is the tariff alone without periods, and without a clock to read them by', () => {
    const { periods: _periods, ...plain } = timedPolicy
    const { localTime: _localTime, ...clockless } = timedPolicy
    expect(tariffAt(plain, at('2026-09-01T22:00:00Z'))).toEqual(storyTariff)
    expect(tariffAt(clockless, at('2026-09-01T22:00:00Z'))).toEqual(storyTariff)
  })
})

describe('the next change', () => {
  test.each([
    ['in the evening is ten at night', '2026-09-01T15:00:00Z', ['2026-09-01T20:00', 2_900]],
    ['at ten at night is six in the morning', '2026-09-01T20:00:00Z', ['2026-09-02T04:00', 4_900]],
    ['into Sunday is Sunday’s price', '2026-09-05T22:00:00Z', ['2026-09-06T04:00', 3_900]],
    [
      'in the night when clocks go back is an hour later',
      '2026-10-24T21:00:00Z',
      ['2026-10-25T05:00', 3_900],
    ],
    [
      'in the night when clocks go forward is an hour earlier',
      '2027-03-27T22:00:00Z',
      ['2027-03-28T04:00', 3_900],
    ],
  ])('%s', (_name, iso, expected) => {
    expect(changeAfter(iso)).toEqual(expected)
  })

  test('none where it lies behind the longest session', () => {
    expect(changeAfter('2026-09-01T15:00:00Z', 5)).toBeUndefined()
    expect(changeAfter('2026-09-01T15:00:00Z', 6)).toBeDefined()
  })

  test('none where all hours have one price', () => {
    const periods = [{ ...nightPeriods[0], ...storyTariff, weekdays: 127, fromMinute: 0, toMinute: 720 }]
    const policy = { tariff: storyTariff, localTime: berlin, periods }
    expect(nextRateChange(policy, at('2026-09-01T15:00:00Z'), at('2036-09-01T15:00:00Z'))).toBeUndefined()
  })
})

describe('periods that hold at once', () => {
  const [night] = nightPeriods as [TimedPeriod]
  test.each([
    ['one beside the other', { ...night, fromMinute: 360, toMinute: 1_320 }, false],
    ['a minute into the morning', { ...night, fromMinute: 359, toMinute: 1_320 }, true],
    ['a minute into the evening', { ...night, fromMinute: 360, toMinute: 1_321 }, true],
    [
      'on Monday before six, where Sunday night still holds',
      { ...night, weekdays: 1, fromMinute: 0, toMinute: 1 },
      true,
    ],
  ])('%s', (_name, other, expected) => {
    expect(hasOverlap([night, other])).toBe(expected)
    expect(hasOverlap([other, night])).toBe(expected)
  })

  test('a period that ends where it starts is a whole day, and two days of it meet without overlap', () => {
    expect(hasOverlap([{ ...night, weekdays: 127, fromMinute: 600, toMinute: 600 }])).toBe(false)
  })
})

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Berlin',
  hourCycle: 'h23',
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
})
const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

test('the signed list reads the hour as the time zone does, on each minute of both days when clocks change', () => {
  for (const fromS of [at('2026-10-24T22:00:00Z'), at('2027-03-27T23:00:00Z')]) {
    for (let minute = 0; minute < 1_560; minute += 1) {
      const timeS = epochSeconds(fromS + minute * 60)
      const parts = Object.fromEntries(
        clock.formatToParts(timeS * 1_000).map(({ type, value }) => [type, value]),
      )
      const expected = {
        weekday: days.indexOf(parts['weekday'] ?? '') + 1,
        minuteOfDay: Number(parts['hour']) * 60 + Number(parts['minute']),
      }
      expect(localHourAt(berlin, timeS)).toEqual(expected)
    }
  }
})

const period: fc.Arbitrary<TimedPeriod> = fc.record({
  weekdays: fc.integer({ min: 1, max: 127 }),
  fromMinute: fc.nat(1_439),
  toMinute: fc.integer({ min: 1, max: 1_440 }),
  energyPerKwh: fc.integer({ min: 1, max: 9 }),
  timePerMinute: fc.constant(0),
  idlePerMinute: fc.constant(0),
})
const someTime = fc
  .integer({ min: at('2026-01-01T00:00:00Z'), max: at('2028-01-01T00:00:00Z') })
  .map((timeS) => epochSeconds(timeS))

test('of periods that do not overlap at most one holds at any time, in whatever order they stand', () => {
  fc.assert(
    fc.property(fc.array(period, { minLength: 1, maxLength: 5 }), someTime, (periods, timeS) => {
      fc.pre(!hasOverlap(periods))
      const base = { tariff: { ...storyTariff, energyPerKwh: 77 }, localTime: berlin }
      const price = tariffAt({ ...base, periods }, timeS).energyPerKwh
      expect(tariffAt({ ...base, periods: periods.toReversed() }, timeS).energyPerKwh).toBe(price)
      const holding = periods.filter(
        (one) => tariffAt({ ...base, periods: [one] }, timeS).energyPerKwh !== 77,
      )
      expect(holding.map(({ energyPerKwh }) => energyPerKwh)).toEqual(price === 77 ? [] : [price])
    }),
    { numRuns: 150 },
  )
})

test('between a time and the next change the price stays, and at the change it is what was announced', () => {
  fc.assert(
    fc.property(
      fc.array(period, { minLength: 1, maxLength: 4 }),
      someTime,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (periods, timeS, share) => {
        fc.pre(!hasOverlap(periods))
        const policy = { tariff: storyTariff, localTime: berlin, periods }
        const untilS = epochSeconds(timeS + 20 * 86_400)
        const change = nextRateChange(policy, timeS, untilS)
        const nowPrice = tariffAt(policy, timeS)
        const endS = change?.atS ?? untilS
        const between = epochSeconds(timeS + Math.floor((endS - 1 - timeS) * share))
        expect(tariffAt(policy, between)).toEqual(nowPrice)
        if (change === undefined) return
        expect(tariffAt(policy, epochSeconds(change.atS - 1))).toEqual(nowPrice)
        expect(tariffAt(policy, change.atS).energyPerKwh).toBe(change.energyPerKwh)
        expect(change.energyPerKwh).not.toBe(nowPrice.energyPerKwh)
      },
    ),
    { numRuns: 150 },
  )
})

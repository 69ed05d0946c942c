import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { currencyCode } from '@/lib/core/ids'
import { epochSeconds, minorUnits, seconds, wattHours } from '@/lib/core/units'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'
import { billFor, energyWithin, rate } from '@/lib/tariff/rate'

const tariff = (over: Partial<CompactTariff>): CompactTariff => ({
  currency: currencyCode('EUR'),
  energyPerKwh: 0,
  timePerMinute: 0,
  perSession: 0,
  idlePerMinute: 0,
  idleGraceMinutes: 0,
  taxBasisPoints: 0,
  ...over,
})
const usage = (energyWh: number, chargingS = 0, idleS = 0) => ({
  energyWh: wattHours(energyWh),
  chargingS: seconds(chargingS),
  idleS: seconds(idleS),
})

describe('figures worked out by hand', () => {
  test.each([
    ['18.4 kWh at 0.49 is 9.016, so 9.02', { energyPerKwh: 4_900 }, usage(18_400), 902],
    ['exactly half a cent rounds up: 0.5 kWh at 0.05', { energyPerKwh: 500 }, usage(500), 3],
    ['just below half a cent rounds down', { energyPerKwh: 500 }, usage(499), 2],
    ['90 seconds at 0.10 a minute', { timePerMinute: 1_000 }, usage(1, 90), 15],
    ['a flat fee of 1.50', { perSession: 15_000 }, usage(1), 150],
    [
      '12 idle minutes with 10 of grace at 0.10',
      { idlePerMinute: 1_000, idleGraceMinutes: 10 },
      usage(1, 0, 720),
      20,
    ],
    ['idle within the grace is free', { idlePerMinute: 1_000, idleGraceMinutes: 10 }, usage(1, 0, 600), 0],
    [
      'zero energy costs zero, whatever else happened',
      { perSession: 15_000, timePerMinute: 1_000 },
      usage(0, 3_600),
      0,
    ],
  ])('%s', (_name, rates, used, cents) => {
    expect(rate(tariff(rates), used).totalMinor).toBe(cents)
  })

  test('one kilowatt-hour at 49 yen is 49 yen: no decimals in JPY', () => {
    expect(
      rate(tariff({ currency: currencyCode('JPY'), energyPerKwh: 490_000 }), usage(1_000)).totalMinor,
    ).toBe(49)
  })

  test('the 19 % tax within 9.02 is 1.44', () => {
    expect(rate(tariff({ energyPerKwh: 4_900, taxBasisPoints: 1_900 }), usage(18_400)).taxMinor).toBe(144)
  })

  test('15.00 buys 30.612 kWh at 0.49', () => {
    expect(energyWithin(tariff({ energyPerKwh: 4_900 }), minorUnits(1_500))).toBe(30_612)
  })
})

const anyTariff = fc.record({
  currency: fc.constantFrom('EUR', 'JPY', 'KWD').map(currencyCode),
  energyPerKwh: fc.nat(20_000),
  timePerMinute: fc.nat(5_000),
  perSession: fc.nat(50_000),
  idlePerMinute: fc.nat(5_000),
  idleGraceMinutes: fc.nat(30),
  taxBasisPoints: fc.nat(2_500),
})
const anyUsage = fc
  .tuple(fc.nat(200_000), fc.nat(86_400), fc.nat(86_400))
  .map(([energyWh, chargingS, idleS]) => usage(energyWh, chargingS, idleS))

test('lines always sum to the total, none is negative, and the hold is never exceeded', () => {
  fc.assert(
    fc.property(anyTariff, anyUsage, fc.nat(20_000), (anyRates, used, hold) => {
      for (const bill of [rate(anyRates, used), billFor(anyRates, used, minorUnits(hold))]) {
        const lines = Object.values(bill.lines)
        expect(lines.reduce<number>((sum, line) => sum + line, 0)).toBe(bill.totalMinor)
        expect(lines.every((line) => line >= 0)).toBe(true)
        expect(bill.taxMinor).toBeLessThanOrEqual(bill.totalMinor)
      }
      expect(billFor(anyRates, used, minorUnits(hold)).totalMinor).toBeLessThanOrEqual(hold)
    }),
  )
})

test('more energy never costs less', () => {
  fc.assert(
    fc.property(anyTariff, anyUsage, fc.nat(10_000), (anyRates, used, more) => {
      const larger = { ...used, energyWh: wattHours(used.energyWh + more) }
      expect(rate(anyRates, larger).totalMinor).toBeGreaterThanOrEqual(rate(anyRates, used).totalMinor)
    }),
  )
})

describe('a change of price within the session', () => {
  const day = tariff({
    energyPerKwh: 4_000,
    timePerMinute: 100,
    idlePerMinute: 1_000,
    idleGraceMinutes: 10,
    perSession: 10_000,
    taxBasisPoints: 1_900,
  })
  const night = {
    atS: epochSeconds(1_788_300_000),
    energyPerKwh: 3_000,
    timePerMinute: 0,
    idlePerMinute: 2_000,
  }

  test('each part costs its own rates, the fee comes once and the grace is used up once', () => {
    const whole = { ...usage(20_000, 3_600, 900), beforeChange: usage(5_000, 600, 300) }
    // 5 kWh at 0.40 and 15 at 0.30; 10 minutes at 0.01; fee 1.00; 5 of 10 idle minutes' grace were used before,
    // so 5 of the 10 minutes after it cost 0.20 each.
    expect(rate(day, whole, night).lines).toEqual({
      energyMinor: 650,
      timeMinor: 10,
      sessionMinor: 100,
      idleMinor: 100,
    })
  })

  test('a change to the same rates changes nothing, wherever it falls', () => {
    const same = { ...night, energyPerKwh: 4_000, timePerMinute: 100, idlePerMinute: 1_000 }
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.nat(86_400),
        fc.nat(7_200),
        fc.nat(1_000),
        fc.nat(1_000),
        fc.nat(1_000),
        (energyWh, chargingS, idleS, energyShare, chargingShare, idleShare) => {
          const part = (of: number, share: number) => Math.floor((of * share) / 1_000)
          const beforeChange = usage(
            part(energyWh, energyShare),
            part(chargingS, chargingShare),
            part(idleS, idleShare),
          )
          const split = { ...usage(energyWh, chargingS, idleS), beforeChange }
          expect(rate(day, split, same)).toEqual(rate(day, usage(energyWh, chargingS, idleS)))
        },
      ),
    )
  })

  test('a part before a change that the offer never announced is a bug of the caller', () => {
    expect(() => rate(day, { ...usage(2), beforeChange: usage(1) })).toThrow(RangeError)
  })
})

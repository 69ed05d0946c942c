import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { durationMs, epochSeconds, wattHours, watts } from '@/lib/core/units'
import {
  energyOf,
  openAccount,
  passIdleTime,
  reachesHold,
  takeReadings,
  usageOf,
  type MeterAccount,
} from '@/charger-kiosk/session/metering'
import type { MeterSample } from '@/charger-kiosk/ocpp/port'
import { storyTariff, storyTimeS } from '@/tests/fixtures/messages'

const ms = durationMs

interface Given {
  readonly atS: number
  readonly registerWh?: number
  readonly powerW?: number
  readonly plausible?: boolean
}

const sample = ({ atS, registerWh, powerW, plausible = true }: Given): MeterSample => ({
  time: {
    receivedAtS: epochSeconds(storyTimeS + atS),
    reportedAtS: epochSeconds(storyTimeS + atS),
    plausible,
  },
  context: 'Sample.Periodic',
  registerWh: registerWh === undefined ? undefined : wattHours(registerWh),
  powerW: powerW === undefined ? undefined : watts(powerW),
  temperatureDeciC: undefined,
  stateOfChargePercent: undefined,
  signedData: [],
})

const read = (account: MeterAccount, nowS: number, ...given: readonly Given[]) =>
  takeReadings(account, given.map(sample), 'Charging', ms(nowS * 1_000))

const opened = openAccount(wattHours(1_000), ms(0))

describe('energy', () => {
  test('is the rise of the register', () => {
    const { account } = read(opened, 10, { atS: 10, registerWh: 1_100, powerW: 36_000 })
    expect(usageOf(account)).toEqual({ energyWh: 100, chargingS: 10, idleS: 0 })
  })

  test('counts from the first readable register where the start had none', () => {
    const first = read(openAccount(undefined, ms(0)), 10, { atS: 10, registerWh: 5_000 }).account
    expect([first.startWh, energyOf(first)]).toEqual([5_000, 0])
    expect(energyOf(read(first, 20, { atS: 20, registerWh: 5_100 }).account)).toBe(100)
  })

  test('of a batch in disorder is taken in the order of the meter’s own times', () => {
    const { account, faults } = read(
      opened,
      30,
      { atS: 30, registerWh: 1_300 },
      { atS: 10, registerWh: 1_100 },
      { atS: 20, registerWh: 1_200 },
    )
    expect(faults).toEqual([])
    expect(usageOf(account)).toEqual({ energyWh: 300, chargingS: 30, idleS: 0 })
  })

  test('goes on when the charger’s clock is put back', () => {
    const before = read(opened, 10, { atS: 7_210, registerWh: 1_100 }).account
    const { account, faults } = read(before, 20, { atS: 20, registerWh: 1_200 })
    expect(faults).toEqual([])
    expect(usageOf(account)).toEqual({ energyWh: 200, chargingS: 20, idleS: 0 })
  })

  test.each([
    ['lower than the last', 999, 'meter.ran-back'],
    ['higher than any charger delivers', 900_000, 'meter.jumped'],
  ])('from a reading %s is not believed', (_name, registerWh, what) => {
    const { account, faults } = read(opened, 10, { atS: 10, registerWh })
    expect(faults.map((fault) => fault.what)).toEqual([what])
    expect(energyOf(account)).toBe(0)
  })
})

describe('time', () => {
  test('counts no further than a minute between two readings, however long the silence', () => {
    const { account } = read(opened, 3_600, { atS: 3_600, registerWh: 5_000 })
    expect(usageOf(account).chargingS).toBe(60)
  })

  test('of buffered readings counts by their own times, and never beyond what the timer saw', () => {
    const batch = Array.from({ length: 30 }, (_, index) => ({
      atS: (index + 1) * 10,
      registerWh: 1_000 + (index + 1) * 100,
    }))
    expect(usageOf(read(opened, 300, ...batch).account).chargingS).toBe(300)
    // The charger's clock runs ten times too fast: no second is billed that did not pass.
    expect(usageOf(read(opened, 30, ...batch).account).chargingS).toBeLessThanOrEqual(30)
  })

  test('without power is free, and with power but without a higher register is not', () => {
    expect(usageOf(read(opened, 10, { atS: 10, registerWh: 1_000, powerW: 0 }).account).chargingS).toBe(0)
    expect(usageOf(read(opened, 10, { atS: 10, registerWh: 1_000, powerW: 90 }).account).chargingS).toBe(10)
  })

  test('before the first energy is never idle', () => {
    expect(usageOf(passIdleTime(opened, 'SuspendedEV', ms(600_000))).idleS).toBe(0)
  })

  test('after the last energy is idle, until energy flows again', () => {
    const full = read(opened, 10, { atS: 10, registerWh: 2_000, powerW: 0 }).account
    const waiting = passIdleTime({ ...full, powerW: watts(0) }, 'SuspendedEV', ms(610_000))
    expect(usageOf(waiting).idleS).toBe(600)
    expect(usageOf(read(waiting, 620, { atS: 620, registerWh: 2_100 }).account).idleS).toBe(0)
  })
})

describe('the hold', () => {
  test.each([
    ['far away', 10_000, 36_000, false],
    // 10.2 kWh cost 4.998; in the next twelve seconds 0.12 kWh more would pass 5.00.
    ['about to be passed', 10_200, 36_000, true],
    ['not passed by a trickle', 10_100, 60, false],
    ['reached', 10_204, 0, true],
  ])('%s', (_name, energyWh, powerW, expected) => {
    const account = { ...opened, registerWh: wattHours(1_000 + energyWh), powerW: watts(powerW) }
    expect(reachesHold(account, storyTariff, 500, ms(12_000))).toBe(expected)
  })
})

test('whatever a charger reports, no more energy is counted than its highest believable register, and no more time than passed', () => {
  const given = fc.record({
    atS: fc.integer({ min: -100, max: 5_000 }),
    registerWh: fc.option(fc.integer({ min: 0, max: 3_000_000 }), { nil: undefined }),
    powerW: fc.option(fc.integer({ min: 0, max: 400_000 }), { nil: undefined }),
    plausible: fc.boolean(),
  })
  const step = fc.record({
    waitS: fc.nat(120),
    readings: fc.array(given, { maxLength: 5 }),
    status: fc.constantFrom(
      'Charging' as const,
      'SuspendedEV' as const,
      'Finishing' as const,
      'unknown' as const,
    ),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      let account = opened
      let nowS = 0
      let highest = 1_000
      for (const { waitS, readings, status } of steps) {
        nowS += waitS
        const defined = readings.map((one) => sample(one as Given))
        for (const one of defined) highest = Math.max(highest, one.registerWh ?? 0)
        const before = account
        account = passIdleTime(
          takeReadings(account, defined, status, ms(nowS * 1_000)).account,
          status,
          ms(nowS * 1_000),
        )
        expect(account.registerWh).toBeGreaterThanOrEqual(before.registerWh ?? 0)
        expect(account.chargingMs).toBeGreaterThanOrEqual(before.chargingMs)
        expect(account.chargingMs + account.idleMs + account.uncountedMs).toBeLessThanOrEqual(nowS * 1_000)
      }
      expect(energyOf(account)).toBeLessThanOrEqual(highest - 1_000)
    }),
  )
})

test('what a long gap with energy leaves over is free, also when the vehicle is done right after it', () => {
  const first = read(opened, 10, { atS: 10, registerWh: 1_100, powerW: 36_000 }).account
  const afterGap = read(first, 610, { atS: 610, registerWh: 7_100, powerW: 0 }).account
  const done = passIdleTime(afterGap, 'Finishing', ms(620_000))
  expect(usageOf(done)).toEqual({ energyWh: 6_100, chargingS: 70, idleS: 10 })
})

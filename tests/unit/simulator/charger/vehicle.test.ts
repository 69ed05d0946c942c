import fc from 'fast-check'
import { expect, test } from 'vitest'
import { battery, chargePercent, draw, milliJoulesPerWh, scheduled } from '@/simulator/charger/vehicle'

const noLimit = Number.MAX_SAFE_INTEGER

test('A scheduled vehicle takes exactly its energy, however the time is cut up', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 100_000 }),
      fc.integer({ min: 1, max: 100_000_000 }),
      fc.array(fc.integer({ min: 0, max: 40_000_000 }), { maxLength: 20 }),
      (energyWh, durationMs, pieces) => {
        let vehicle = draw(scheduled(energyWh, durationMs), 0, noLimit, 1).vehicle
        let deliveredMilliJ = 0
        for (const piece of [...pieces, durationMs]) {
          const drawn = draw(vehicle, piece, noLimit, 1)
          expect(drawn.deliveredMilliJ).toBeGreaterThanOrEqual(0)
          deliveredMilliJ += drawn.deliveredMilliJ
          vehicle = drawn.vehicle
        }
        expect(deliveredMilliJ).toBe(energyWh * milliJoulesPerWh)
        expect(draw(vehicle, 1_000, noLimit, 1)).toMatchObject({ deliveredMilliJ: 0, powerW: 0 })
      },
    ),
  )
})

test('An hour at 10 kW below the taper is 10 kWh', () => {
  const { deliveredMilliJ, powerW } = draw(battery(100_000, 10, 10_000), 3_600_000, noLimit, 1)
  expect(deliveredMilliJ).toBe(10_000 * milliJoulesPerWh)
  expect(powerW).toBe(10_000)
})

test('The power falls towards the end, and a full battery takes nothing', () => {
  const nearlyFull = draw(battery(10_000, 95, 10_000), 0, noLimit, 1)
  expect(nearlyFull.powerW).toBeLessThan(5_000)
  const { vehicle, powerW } = draw(battery(10_000, 95, 10_000), 10 * 3_600_000, noLimit, 1)
  expect(powerW).toBe(0)
  expect(vehicle.kind === 'battery' && chargePercent(vehicle)).toBe(100)
})

test('The charger limits the power, and the speed multiplies the energy alone', () => {
  const limited = draw(battery(100_000, 10, 50_000), 3_600_000, 6_000, 1)
  expect(limited).toMatchObject({ deliveredMilliJ: 6_000 * milliJoulesPerWh, powerW: 6_000 })
  const fast = draw(battery(100_000, 10, 50_000), 360_000, 6_000, 10)
  expect(fast).toMatchObject({ deliveredMilliJ: 6_000 * milliJoulesPerWh, powerW: 6_000 })
})

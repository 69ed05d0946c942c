import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { durationMs, seconds, wattHours, watts } from '@/lib/core/units'
import { hazards } from '@/charger-kiosk/safety/hazards'
import { safeLimits, stricter, type SafetyLimits } from '@/charger-kiosk/safety/safety-limits'
import {
  allowedCurrentMa,
  endingHazard,
  freshWatch,
  watchSession,
  type SafetyFacts,
  type SafetyWatch,
} from '@/charger-kiosk/safety/safety-watch'

const quiet: SafetyFacts = {
  isLinked: true,
  isEnergized: true,
  meterHeardAtMs: 0,
  startedAtMs: 0,
  energyWh: wattHours(0),
  powerW: undefined,
  temperatureDeciC: undefined,
}
const limits = stricter(safeLimits, { currentMaxMa: 32_000 })

/** Facts one after another, each at its second. */
function through(
  steps: readonly (readonly [atS: number, facts: Partial<SafetyFacts>])[],
  of: SafetyLimits = limits,
) {
  let watch: SafetyWatch = freshWatch
  let found: readonly string[] = []
  for (const [atS, facts] of steps) {
    const nowMs = durationMs(atS * 1_000)
    const heard = { meterHeardAtMs: nowMs, ...facts }
    const watched = watchSession(watch, { ...quiet, ...heard }, of, nowMs)
    watch = watched.watch
    found = watched.hazards
  }
  return { watch, found, allowedMa: allowedCurrentMa(watch, of) }
}

describe('warmth', () => {
  it('takes current away, and gives it back only once the bay is cool', () => {
    const steps: [number, Partial<SafetyFacts>][] = [[0, { temperatureDeciC: 699 }]]
    expect(through(steps).allowedMa).toBe(32_000)
    steps.push([10, { temperatureDeciC: 700 }])
    expect(through(steps)).toMatchObject({ allowedMa: 10_000, found: ['warm'] })
    steps.push([20, { temperatureDeciC: 650 }], [30, { temperatureDeciC: 600 }])
    expect(through(steps).allowedMa).toBe(10_000)
    steps.push([40, { temperatureDeciC: 599 }])
    expect(through(steps)).toMatchObject({ allowedMa: 32_000, found: [] })
  })

  it('caps where nothing else did, and never raises a lower cap', () => {
    const warm: [number, Partial<SafetyFacts>][] = [[0, { temperatureDeciC: 800 }]]
    expect(through(warm, safeLimits).allowedMa).toBe(10_000)
    expect(through(warm, stricter(limits, { currentMaxMa: 6_000 })).allowedMa).toBe(6_000)
  })

  it('ends in a fault that needs cooling, and is not forgotten when no sensor speaks any more', () => {
    const { found } = through([
      [0, { temperatureDeciC: 850 }],
      [10, {}],
    ])
    expect(found).toEqual(['overheated', 'warm'])
    expect(hazards.overheated).toMatchObject({ ends: 'fault', needsCooling: true })
  })

  it.each([65_535, -2_730])('of %i tenths is a broken sensor', (temperatureDeciC) => {
    expect(through([[0, { temperatureDeciC }]]).found).toEqual([])
  })
})

describe('silence', () => {
  const heard = { meterHeardAtMs: 0 }

  it('of the meter ends a session while power flows, and only then', () => {
    expect(
      through([
        [0, heard],
        [299, heard],
      ]).found,
    ).toEqual([])
    expect(
      through([
        [0, heard],
        [300, heard],
      ]).found,
    ).toEqual(['meter-silent'])
    expect(
      through([
        [0, heard],
        [900, { ...heard, isEnergized: false }],
      ]).found,
    ).toEqual([])
  })

  it('of the link proves nothing: the charger goes on, and has its time again when it is back', () => {
    const away = { ...heard, isLinked: false }
    expect(
      through([
        [0, heard],
        [10, away],
        [69, away],
      ]).found,
    ).toEqual([])
    expect(
      through([
        [0, heard],
        [10, away],
        [7_200, away],
      ]).found,
    ).toEqual(['charger-lost'])
    expect(
      through([
        [0, heard],
        [10, away],
        [7_200, away],
        [7_210, heard],
      ]).found,
    ).toEqual([])
    expect(
      through([
        [10, away],
        [7_200, heard],
        [7_500, heard],
      ]).found,
    ).toEqual(['meter-silent'])
  })
})

describe('power', () => {
  // 32 A on three phases are 22.1 kW, with a tolerance 24.8 kW.
  const over = { powerW: watts(26_000) }

  it('above what is allowed ends a session when it lasts', () => {
    expect(
      through([
        [0, over],
        [59, over],
      ]).found,
    ).toEqual([])
    expect(
      through([
        [0, over],
        [60, over],
      ]).found,
    ).toEqual(['over-power'])
    expect(
      through([
        [0, over],
        [30, { powerW: watts(22_000) }],
        [60, over],
      ]).found,
    ).toEqual([])
  })

  it('is not judged by a reading that is old', () => {
    expect(
      through([
        [0, over],
        [60, {}],
        [120, {}],
      ]).found,
    ).toEqual([])
  })

  it('that does not follow a derating is one that lasts too', () => {
    const warm = { temperatureDeciC: 720, powerW: watts(20_000) }
    expect(
      through([
        [0, warm],
        [60, warm],
      ]).found,
    ).toEqual(['over-power', 'warm'])
  })
})

const anyFacts = fc.record({
  passS: fc.integer({ min: 1, max: 30 }),
  isLinked: fc.boolean(),
  isEnergized: fc.boolean(),
  isHeard: fc.boolean(),
  energyWh: fc.nat(200_000),
  powerW: fc.option(fc.nat(100_000), { nil: undefined }),
  temperatureDeciC: fc.option(fc.integer({ min: -600, max: 2_100 }), { nil: undefined }),
})
const anyLimits = fc.record(
  {
    currentMaxMa: fc.integer({ min: 0, max: 80_000 }),
    derateToMa: fc.nat(80_000),
    derateAtDeciC: fc.integer({ min: 300, max: 900 }),
    coolBelowDeciC: fc.integer({ min: 200, max: 900 }),
    cutOffAtDeciC: fc.integer({ min: 400, max: 1_000 }),
    sessionEnergyMaxWh: fc.nat(200_000).map(wattHours),
    sessionDurationMaxS: fc.integer({ min: 60, max: 100_000 }).map(seconds),
  },
  { requiredKeys: [] },
)

describe('whatever happens', () => {
  it('never more is allowed than any limit says, and every limit ends the session at once', () => {
    fc.assert(
      fc.property(fc.array(anyFacts, { maxLength: 30 }), anyLimits, anyLimits, (story, one, two) => {
        const of = stricter(stricter(safeLimits, one), two)
        let watch = freshWatch
        let atMs = 0
        let heardAtMs = 0
        for (const { passS, isHeard, ...facts } of story) {
          atMs += passS * 1_000
          if (isHeard) heardAtMs = atMs
          const told: SafetyFacts = {
            ...facts,
            startedAtMs: 0,
            meterHeardAtMs: heardAtMs,
            energyWh: wattHours(facts.energyWh),
            powerW: facts.powerW === undefined ? undefined : watts(facts.powerW),
          }
          const watched = watchSession(watch, told, of, durationMs(atMs))
          watch = watched.watch
          const allowedMa = allowedCurrentMa(watch, of)
          for (const { currentMaxMa = Infinity, derateToMa = Infinity } of [one, two]) {
            expect(allowedMa ?? Infinity).toBeLessThanOrEqual(currentMaxMa)
            if (watch.isDerated) expect(allowedMa).toBeLessThanOrEqual(derateToMa)
          }
          const end = endingHazard(watched.hazards)
          const mustEnd =
            told.energyWh >=
              Math.min(one.sessionEnergyMaxWh ?? Infinity, two.sessionEnergyMaxWh ?? Infinity) ||
            atMs / 1_000 >=
              Math.min(one.sessionDurationMaxS ?? Infinity, two.sessionDurationMaxS ?? Infinity) ||
            (watch.temperatureDeciC ?? -Infinity) >=
              Math.min(one.cutOffAtDeciC ?? 850, two.cutOffAtDeciC ?? 850, 850)
          if (mustEnd) expect(end).toBeDefined()
        }
      }),
      { numRuns: 60 },
    )
  })

  it('the stricter of two never loosens one of them, in whatever order', () => {
    fc.assert(
      fc.property(anyLimits, anyLimits, (one, two) => {
        const there = stricter(stricter(safeLimits, one), two)
        expect(stricter(stricter(safeLimits, two), one)).toEqual(there)
        expect(there.coolBelowDeciC).toBeLessThanOrEqual(there.derateAtDeciC)
      }),
      { numRuns: 60 },
    )
  })
})

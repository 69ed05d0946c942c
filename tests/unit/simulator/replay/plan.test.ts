/** Sessions of a trace are dealt to drivers who could really have charged them. */

import { expect, test } from 'vitest'
import { epochSeconds } from '@/lib/core/units'
import { planDrivers, type PlanTerms } from '@/simulator/replay/plan'
import { generateCorridor } from '@/simulator/traces/corridor'

const fromS = 1_531_522_800 // 2018-07-13T23:00:00Z
const window = { fromS: epochSeconds(fromS), untilS: epochSeconds(fromS + 10 * 86_400) }
const trace = generateCorridor(3, window)
const terms: PlanTerms = {
  seed: 5,
  beginsAtS: epochSeconds(fromS - 7_200),
  reportsUntilS: epochSeconds(window.untilS + 3_600),
  energyPerKwh: 4_900,
  minorPerMajor: 100,
  sessionCapMinor: 6_000,
  capMinor: 10_000,
}
const drivers = planDrivers(trace, terms)

test('Every session has exactly one driver', () => {
  const dealt = drivers.flatMap(({ sessions }) =>
    sessions.map((session) => `${session.chargerId} ${session.startS}`),
  )
  expect(dealt.sort()).toEqual(trace.map((session) => `${session.chargerId} ${session.startS}`).sort())
})

test('Nobody charges at two places at once, and there is time to drive between them', () => {
  for (const { sessions } of drivers) {
    sessions.slice(1).forEach((session, index) => {
      const before = sessions[index]
      expect(session.startS - ((before?.startS ?? 0) + (before?.durationS ?? 0))).toBeGreaterThanOrEqual(
        1_800,
      )
    })
  }
})

test('Everybody can pay before the first session, and comes home before the end or never', () => {
  for (const { joinsAtS, sessions, reportsAtS } of drivers) {
    expect(joinsAtS).toBeGreaterThanOrEqual(terms.beginsAtS)
    expect(joinsAtS).toBeLessThan(sessions[0]?.startS ?? 0)
    for (const atS of reportsAtS) expect(atS).toBeLessThanOrEqual(terms.reportsUntilS)
  }
  expect(drivers.some(({ reportsAtS }) => reportsAtS.length === 0)).toBe(true)
  expect(drivers.some(({ reportsAtS, sessions }) => reportsAtS.length > sessions.length)).toBe(true)
})

test('The wished hold covers the price of the energy', () => {
  for (const { wishedMinor, energyWh } of drivers.flatMap(({ sessions }) => sessions)) {
    expect(wishedMinor).toBeGreaterThan(energyWh * 0.049)
  }
})

test('A session that no driver’s own grant can hold is a fleet’s', () => {
  const [first] = trace
  if (first === undefined) throw new Error('the generator made sessions')
  const [driver] = planDrivers([first], { ...terms, sessionCapMinor: 1 })
  expect(driver?.pays).toBe('fleet')
})

test('The same seed deals the same way, another one another way', () => {
  expect(planDrivers(trace, terms)).toEqual(drivers)
  expect(planDrivers(trace, { ...terms, seed: 6 })).not.toEqual(drivers)
})

import { describe, expect, test } from 'vitest'
import { epochSeconds } from '@/lib/core/units'
import { charge, nothingSpent } from '@/lib/sync/road-budget'
import {
  anyLeave,
  opensAt,
  uplinksFor,
  type UplinkStanding,
  type UplinkTerms,
} from '@/lib/sync/uplink-choice'

const at = (iso: string) => epochSeconds(Date.parse(iso) / 1_000)
const noon = at('2026-03-30T12:00:00Z')
const midnight = at('2026-03-31T00:00:00Z')
const cost = { bytes: 1_000 }
const standing = (terms: UplinkTerms, rest: Partial<UplinkStanding> = {}): UplinkStanding => ({
  ...{ terms, spent: nothingSpent, isResting: false },
  ...rest,
})
const night = [{ fromHour: 22, toHour: 5 }]
const cable = standing({ name: 'cable' })
const sim = standing({ name: 'sim', pricePerMbMinor: 50, bytesPerDayMax: 10_000 })
const quiet = standing({ name: 'quiet', pricePerMbMinor: 5, windows: night })
const names = (uplinks: readonly UplinkStanding[], priority: 'urgent' | 'ordinary', nowS = noon) =>
  uplinksFor(uplinks, cost, priority, nowS).map(({ terms }) => terms.name)

describe('the choice', () => {
  test('is the cheapest, whatever the order in which they are written down', () => {
    expect(names([sim, quiet, cable], 'urgent')).toEqual(['cable', 'quiet', 'sim'])
  })

  test('leaves out of its hours only what is urgent', () => {
    expect(names([sim, quiet], 'ordinary')).toEqual(['sim'])
    expect(names([sim, quiet], 'urgent')).toEqual(['quiet', 'sim'])
    expect(names([sim, quiet], 'ordinary', midnight)).toEqual(['quiet', 'sim'])
  })

  test('takes one that failed lately only after the others', () => {
    expect(names([standing(cable.terms, { isResting: true }), sim], 'urgent')).toEqual(['sim', 'cable'])
  })

  test('leaves out one whose budget is used up', () => {
    const used = standing(sim.terms, { spent: charge(nothingSpent, sim.terms, { bytes: 7_500 }, noon) })
    expect(names([used, cable], 'ordinary')).toEqual(['cable'])
    expect(names([used], 'urgent')).toEqual(['sim'])
  })
})

describe('a weak signal', () => {
  const weak = (sinceS: number | undefined, terms: Partial<UplinkTerms> = {}) =>
    standing(
      { name: 'sim', signalMinPercent: 30, ...terms },
      { weakSinceS: sinceS === undefined ? undefined : epochSeconds(sinceS) },
    )

  test('holds back only what is not urgent, and is looked at again in five minutes', () => {
    expect(names([weak(noon - 60), cable], 'ordinary')).toEqual(['cable'])
    expect(names([weak(noon - 60)], 'urgent')).toEqual(['sim'])
    expect(names([weak(undefined)], 'ordinary')).toEqual(['sim'])
    expect(anyLeave([weak(noon - 60)], cost, 'ordinary', noon)).toEqual({
      kind: 'no',
      bound: 'signal',
      untilS: noon + 300,
    })
  })

  test('is waited out twelve hours, or as long as was written down, and not longer', () => {
    expect(names([weak(noon - 43_199)], 'ordinary')).toEqual([])
    expect(names([weak(noon - 43_200)], 'ordinary')).toEqual(['sim'])
    expect(names([weak(noon - 3_600, { signalWaitS: 3_600 })], 'ordinary')).toEqual(['sim'])
    // The clock was set back behind the beginning.
    expect(anyLeave([weak(noon + 500_000, { signalWaitS: 100 })], cost, 'ordinary', noon)).toMatchObject({
      untilS: noon + 100,
    })
  })
})

describe('hours', () => {
  test.each([
    ['2026-03-30T21:59:59Z', at('2026-03-30T22:00:00Z')],
    ['2026-03-30T22:00:00Z', undefined],
    ['2026-03-31T04:59:59Z', undefined],
    ['2026-03-31T05:00:00Z', at('2026-03-31T22:00:00Z')],
  ])('from 22 to 5 at %s', (now, opens) => {
    expect(opensAt(night, at(now))).toBe(opens)
  })

  test('the first of several counts, and none at all is any hour', () => {
    expect(opensAt([...night, { fromHour: 13, toHour: 14 }], noon)).toBe(noon + 3_600)
    expect(opensAt([], noon)).toBeUndefined()
  })
})

test('where none may, it is said when the first of them may', () => {
  expect(anyLeave([quiet], cost, 'ordinary', noon)).toEqual({
    ...{ kind: 'no', bound: 'window' },
    untilS: at('2026-03-30T22:00:00Z'),
  })
  expect(anyLeave([quiet, sim], cost, 'ordinary', noon)).toEqual({ kind: 'yes' })
})

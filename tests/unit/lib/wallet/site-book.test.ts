import fc from 'fast-check'
import { expect, test } from 'vitest'
import { corridor, distanceKm, searchSites, spread, type Site } from '@/lib/wallet/site-book'

const site = (siteId: string, label: string, latitudeE5: number, longitudeE5: number): Site => ({
  siteId,
  label,
  position: { latitudeE5, longitudeE5 },
  chargers: 1,
  keepsReserve: true,
})

const perth = site('perth', 'Perth Broxden', 5_638_300, -348_200)
const kinross = site('kinross', 'Kinross Services', 5_620_700, -343_900)
const forth = site('forth', 'Forth Crossing', 5_602_300, -341_300)
const zurich = site('zh', 'Zürich Hardbrücke', 4_738_500, 851_700)
const nowhere: Site = { ...site('yard', 'Yard', 0, 0), position: null }
const all = [forth, zurich, nowhere, perth, kinross]
const ids = (sites: readonly Site[]) => sites.map(({ siteId }) => siteId)

test('names are found by any of their words, without accents and case', () => {
  expect(ids(searchSites(all, 'zurich'))).toEqual(['zh'])
  expect(ids(searchSites(all, ' SERV kin '))).toEqual(['kinross'])
  expect(ids(searchSites(all, ''))).toEqual(ids(all))
  expect(searchSites(all, 'kinross north')).toEqual([])
})

test('a distance on the map is what a map says', () => {
  expect(distanceKm(perth.position!, forth.position!)).toBeCloseTo(40.3, 0)
  expect(distanceKm(perth.position!, perth.position!)).toBe(0)
})

test('a corridor has both ends and what lies near the line, in the order of the way', () => {
  const found = corridor(all, perth, forth, 5)
  expect(ids(found.map(({ site: one }) => one))).toEqual(['perth', 'kinross', 'forth'])
  expect(found.map(({ km }) => Math.round(km))).toEqual([0, 20, 40])
  expect(ids(corridor(all, forth, perth, 5).map(({ site: one }) => one))).toEqual([
    'forth',
    'kinross',
    'perth',
  ])
})

test('a narrow corridor leaves out what lies beside, and a site without a place has none', () => {
  expect(ids(corridor(all, perth, forth, 0.1).map(({ site: one }) => one))).toEqual(['perth', 'forth'])
  expect(corridor(all, nowhere, forth, 50)).toEqual([])
})

test('a selection is spread over the way and keeps both ends', () => {
  expect(spread([1, 2, 3], 8)).toEqual([1, 2, 3])
  fc.assert(
    fc.property(fc.integer({ min: 9, max: 200 }), (count) => {
      const chosen = spread(
        Array.from({ length: count }, (_, at) => at),
        8,
      )
      expect(chosen).toHaveLength(8)
      expect([chosen[0], chosen.at(-1)]).toEqual([0, count - 1])
      expect([...chosen].sort((left, right) => left - right)).toEqual(chosen)
      expect(new Set(chosen).size).toBe(8)
    }),
    { numRuns: 50 },
  )
})

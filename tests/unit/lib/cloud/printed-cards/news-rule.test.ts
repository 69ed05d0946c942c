import { expect, test } from 'vitest'
import { heardOf, unheardOf, type SiteCharger } from '@/lib/cloud/printed-cards/news-rule'

const nowS = 1_000_000
const charger = (chargerId: string, change: Partial<SiteCharger> = {}): SiteCharger => ({
  ...{ chargerId, siteId: 'kinross', siteLabel: 'Kinross', bayLabel: 'A1', heldEpoch: 0 },
  ...{ inTouchAtS: nowS - 60, createdAtS: 0 },
  ...change,
})
const news = (epoch: number, change = {}) => ({
  ...{ epoch, sinceS: nowS - 100, sites: ['kinross'], notAfterS: nowS + 100 },
  ...change,
})

const chargers = [
  charger('A', { heldEpoch: 5 }),
  charger('B', { heldEpoch: 4, inTouchAtS: nowS - 900 }),
  charger('C', { inTouchAtS: null }),
  charger('YOUNG', { createdAtS: nowS - 50 }),
  charger('FAR', { siteId: 'rannoch' }),
]

test('those know whose own log says so, and those that were set up later; other sites are not asked', () => {
  expect(heardOf(news(5), chargers)).toEqual({ chargers: 4, heard: 2 })
  expect(heardOf(news(4), chargers)).toEqual({ chargers: 4, heard: 3 })
})

test('who would still take a void card is named, silent longest first, with how many', () => {
  const told = unheardOf([news(4), news(5)], chargers, nowS).map(({ chargerId, cards }) => [chargerId, cards])
  expect(told).toEqual([
    ['C', 2],
    ['B', 1],
  ])
})

test('nobody takes a card that has run out', () => {
  expect(unheardOf([news(5, { notAfterS: nowS })], chargers, nowS)).toEqual([])
})

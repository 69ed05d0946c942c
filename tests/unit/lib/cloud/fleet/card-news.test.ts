import { expect, test } from 'vitest'
import { listedAt } from '@/lib/cloud/fleet/card-news'

const card = { sites: ['kinross', 'rannoch'], issued_at_s: 1_000 }
const chargers = [
  { chargerId: 'KIN-1', siteId: 'kinross' },
  { chargerId: 'KIN-2', siteId: 'kinross' },
  { chargerId: 'RAN-1', siteId: 'rannoch' },
  { chargerId: 'TAY-1', siteId: 'tay' },
]

test('a charger knows a card by the newest list of its site, where that was signed after the card was given out', () => {
  const lists = [
    { chargerId: 'KIN-1', isNewest: true, issuedAtS: 1_000 },
    { chargerId: 'KIN-2', isNewest: false, issuedAtS: 1_000 },
    { chargerId: 'RAN-1', isNewest: true, issuedAtS: 999 },
    { chargerId: 'TAY-1', isNewest: true, issuedAtS: 2_000 },
  ]
  expect(listedAt(card, chargers, lists)).toEqual({ chargers: 3, heard: 1 })
})

test('chargers that have said nothing of a list do not know it', () => {
  expect(listedAt(card, chargers, [])).toEqual({ chargers: 3, heard: 0 })
})

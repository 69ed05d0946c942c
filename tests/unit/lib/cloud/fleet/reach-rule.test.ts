import { expect, test } from 'vitest'
import { reachOf, type ReachCharger, type ReachGrant } from '@/lib/cloud/fleet/reach-rule'

const grant: ReachGrant = { leftMinor: 9_000, sessionCapMinor: 6_000, isSiteBound: false, epoch: 7 }
const charger = (chargerId: string, change: Partial<ReachCharger> = {}): ReachCharger => ({
  ...{ chargerId, siteId: 'kinross', siteLabel: 'Kinross', bayLabel: '1', heldEpoch: 0, inTouchAtS: 100 },
  ...{ isYounger: false, isConfirmed: false },
  ...change,
})
const most = (chargers: readonly ReachCharger[], change: Partial<ReachGrant> = {}) =>
  reachOf({ ...grant, ...change }, chargers, 1_500).mostMinor

test('every charger that has not heard lends a stranger’s cap, together never more than is left', () => {
  expect(most([])).toBe(0)
  expect(most([charger('a'), charger('b')])).toBe(3_000)
  expect(most(Array.from({ length: 10 }, (_, index) => charger(String(index))))).toBe(9_000)
  expect(most([charger('a')], { leftMinor: 400 })).toBe(400)
})

test('where a session is settled it lends up to a session, and a site’s own grant all that is left', () => {
  expect(most([charger('a', { isConfirmed: true })])).toBe(6_000)
  expect(most([charger('a', { isConfirmed: true })], { sessionCapMinor: 800 })).toBe(1_500)
  expect(most([charger('a')], { isSiteBound: true })).toBe(9_000)
})

test('a charger has heard by the epoch that it holds, and before a withdrawal nobody has', () => {
  const told = [
    charger('old', { heldEpoch: 6 }),
    charger('told', { heldEpoch: 7 }),
    charger('new', { isYounger: true }),
  ]
  expect(reachOf(grant, told, 1_500)).toMatchObject({
    ...{ chargers: 3, heard: 2, mostMinor: 1_500 },
    unheard: [{ chargerId: 'old' }],
  })
  expect(reachOf({ ...grant, epoch: undefined }, told, 1_500)).toMatchObject({ heard: 0, mostMinor: 4_500 })
})

test('those that were silent longest come first, and a site is as old as its most silent charger', () => {
  const reach = reachOf(
    grant,
    [charger('a'), charger('b', { inTouchAtS: null }), charger('c', { inTouchAtS: 50, siteId: 'tay' })],
    1_500,
  )
  expect(reach.unheard.map(({ chargerId }) => chargerId)).toEqual(['b', 'c', 'a'])
  expect(reach.sites.map(({ siteId, lastInTouchAtS }) => [siteId, lastInTouchAtS])).toEqual([
    ['kinross', null],
    ['tay', 50],
  ])
})

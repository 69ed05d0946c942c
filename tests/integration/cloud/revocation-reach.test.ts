/** A withdrawal and how far it has come, with a charger that hears of it and one that is alone. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { answerBundle } from '@/lib/cloud/device-replies'
import { claimToken, issueToken } from '@/lib/cloud/fleet/commands'
import { revocationReach } from '@/lib/cloud/fleet/revocation-reach'
import { revokeToken } from '@/lib/cloud/fleet/withdraw-token'
import { demo, seedDemo } from '@/lib/cloud/operator/seed-demo'
import { TestPhone } from '../../fixtures/session-actors'
import type { TestCharger } from '../../fixtures/session-actors'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { Charger, freshSigner, openWorld, startS } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const { fleetId, managerId: author } = demo

async function world() {
  const { cloud, pass } = await openWorld(database)
  await seedDemo(cloud)
  const issued = await issueToken(cloud, {
    ...{ fleetId, driverName: 'Ailsa Reid', capMinor: 20_000, sessionCapMinor: 8_000, dailyLimitMinor: 0 },
    ...{ days: 30, idempotencyKey: 'ailsa-01', author },
  })
  const { tokenId, claimCode: code } = expectOk(issued, 'token')
  const reach = async () => expectOk(await revocationReach(cloud, fleetId, tokenId), 'reach')
  const withdraw = async () =>
    expectOk(await revokeToken(cloud, { fleetId, tokenId, confirmation: 'Ailsa Reid', author }), 'withdrawal')
      .revocationEpoch
  const claim = async () => {
    const signer = freshSigner()
    const order = { code, deviceKey: signer.publicKey, keyProtection: 'platform' as const }
    return TestPhone.holding(expectOk(await claimToken(cloud, order), 'claim').grant, signer)
  }
  const sync = async (charger: TestCharger) =>
    expectOk(await answerBundle(cloud, await charger.bundle()), 'synced')
  return { cloud, pass, tokenId, reach, withdraw, claim, sync }
}

const tellEpoch = (charger: TestCharger, revocationEpoch: number): void =>
  charger.log({
    kind: 'news',
    timeS: epochSeconds(charger.nowS + 100),
    ...{ policySequence: 1, revocationEpoch, trustSequence: 1 },
  })

test('nobody can spend from a token that nobody has claimed', async () => {
  const { reach } = await world()
  expect(await reach()).toMatchObject({ holder: 'nobody', mostMinor: 0, leftMinor: 0, endsAtS: null })
})

test('the reach shrinks with every charger that says it has heard, and names the one that is alone', async () => {
  const { cloud, pass, reach, withdraw, claim, sync } = await world()
  const phone = await claim()
  const near = await Charger.enrolled(cloud, 'NEAR-1')
  const far = await Charger.enrolled(cloud, 'FAR-1', 'rannoch')
  await near.charge(phone, 6_000, 40_000)
  await sync(near)
  // Before anybody decides: 200.00 less 19.60; nearby up to a session's 80.00, far away the 15.00 for strangers.
  expect(await reach()).toMatchObject({
    ...{ holder: 'phone', revokedAtS: null, leftMinor: 18_040, heldMinor: 0, sessionCapMinor: 8_000 },
    ...{ strangerCapMinor: 1_500, mostMinor: 9_500, heard: 0, endsAtS: startS + 30 * 86_400 },
  })
  pass(3_600)
  const epoch = await withdraw()
  expect(await reach()).toMatchObject({ revokedAtS: startS + 3_600, heard: 0, mostMinor: 9_500 })
  // It has fetched the news, and does not say so before it is in force there.
  await sync(near)
  expect(await reach()).toMatchObject({ heard: 0 })
  tellEpoch(near, epoch)
  pass(120)
  await sync(near)
  const after = await reach()
  expect(after).toMatchObject({ chargers: after.chargers, heard: 1, mostMinor: 1_500 })
  expect(
    after.unheard.map(({ chargerId, inTouchAtS, mostMinor }) => [chargerId, inTouchAtS, mostMinor]),
  ).toEqual([[far.id, null, 1_500]])
  expect(after.sites).toMatchObject([
    { siteId: 'rannoch', chargers: 1, heard: 0, lastInTouchAtS: null },
    { siteId: 'kinross', chargers: 1, heard: 1, lastInTouchAtS: startS + 3_720 },
  ])
  tellEpoch(far, epoch)
  await sync(far)
  expect(await reach()).toMatchObject({ heard: 2, mostMinor: 0, unheard: [] })
})

test('a charger that was set up after the withdrawal began with the news', async () => {
  const { cloud, pass, reach, withdraw, claim } = await world()
  await claim()
  await withdraw()
  pass(60)
  await Charger.enrolled(cloud)
  expect(await reach()).toMatchObject({ chargers: 1, heard: 1, mostMinor: 0 })
})

test('when the grant has run out there is nobody left to hear', async () => {
  const { cloud, pass, reach, claim } = await world()
  await claim()
  await Charger.enrolled(cloud)
  pass(30 * 86_400)
  expect(await reach()).toMatchObject({ holder: 'over', mostMinor: 0 })
})

test('a bundle that comes again late does not take a charger’s word back', async () => {
  const { cloud, pass, reach, withdraw, claim, sync } = await world()
  await claim()
  const charger = await Charger.enrolled(cloud)
  const early = await charger.bundle()
  tellEpoch(charger, await withdraw())
  await sync(charger)
  pass(600)
  expectOk(await answerBundle(cloud, early), 'again')
  expect(await reach()).toMatchObject({ heard: 1, mostMinor: 0 })
})

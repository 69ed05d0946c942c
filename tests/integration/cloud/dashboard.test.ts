/** A fleet at a glance, from sessions as phones and chargers brought them. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { countFleetDays, footings } from '@/lib/cloud/dashboard/count-days'
import { dashboardOf } from '@/lib/cloud/dashboard/dashboard'
import { inTenant } from '@/lib/cloud/database/connection'
import { claimToken, issueToken } from '@/lib/cloud/fleet/commands'
import { receiveBundle } from '@/lib/cloud/ingest/commands'
import { fleetAccount } from '@/lib/cloud/ledger/accounts'
import { demo, seedDemo } from '@/lib/cloud/operator/seed-demo'
import { TestPhone } from '../../fixtures/session-actors'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { Charger, freshSigner, openWorld, startS } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const { fleetId, managerId: author } = demo
const todayS = Math.floor(startS / 86_400) * 86_400

async function world() {
  const { cloud, pass } = await openWorld(database)
  await seedDemo(cloud)
  const token = await issueToken(cloud, {
    ...{ fleetId, driverName: 'Ailsa Reid', capMinor: 20_000, sessionCapMinor: 8_000, dailyLimitMinor: 0 },
    ...{ days: 45, idempotencyKey: 'key-ailsa', monthLimitMinor: 15_000, author },
  })
  const { claimCode, tokenId } = expectOk(token, 'token')
  const signer = freshSigner()
  const order = { code: claimCode, deviceKey: signer.publicKey, keyProtection: 'platform' as const }
  const { grant } = expectOk(await claimToken(cloud, order), 'claim')
  const phone = TestPhone.holding(grant, signer)
  const look = async () => expectOk(await dashboardOf(cloud, fleetId), 'dashboard')
  /** 40 kWh at 0.49: 19.60, settled. */
  const settle = async () => {
    const charger = await Charger.enrolled(cloud)
    await charger.charge(phone, 6_000, 40_000)
    expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  }
  return { cloud, pass, look, settle, tokenId }
}

test('a session that settled stands in its day, its month and with its driver, and in the budget of the token', async () => {
  const { cloud, look, settle, tokenId } = await world()
  expect(await look()).toMatchObject({ countedAtS: null, days: [], months: [], drivers: [] })
  await settle()
  await countFleetDays(cloud)
  const sums = { sessions: 1, energyWh: 40_000, costMinor: 1_960 }
  expect(await look()).toMatchObject({
    countedAtS: startS,
    lastNewsAtS: startS,
    days: [{ dayS: todayS, ...sums }],
    months: [{ ...sums }],
    drivers: [{ id: tokenId, tokenId, name: 'Ailsa Reid', ...sums }],
    vehicles: [],
    firstTry: { answered: 1, atFirst: 1, declined: 0 },
    risk: { heldMinor: 0, sessions: 0, oldestAtS: null },
    month: { usedMinor: 1_960, tokensWithBudget: 1, budgetMinor: 15_000, usedOfBudgetMinor: 1_960 },
  })
})

test('what was counted is counted anew when another session comes, and foots to the rows every time', async () => {
  const { cloud, pass, look, settle } = await world()
  const { tenant } = cloud.config
  for (const sessions of [1, 2]) {
    await settle()
    await countFleetDays(cloud)
    expect((await look()).days).toMatchObject([{ sessions, costMinor: sessions * 1_960 }])
    const rows = await inTenant(cloud.db, tenant, (tx) =>
      footings(tx, { tenant, fleetId, owner: fleetAccount(fleetId) }),
    )
    const same = { sessions, energyWh: sessions * 40_000, costMinor: sessions * 1_960 }
    expect(rows).toEqual([same, same, same])
    pass(3_600)
  }
})

test('two workers that count at once leave one sum', async () => {
  const { cloud, look, settle } = await world()
  await settle()
  await Promise.all([countFleetDays(cloud), countFleetDays(cloud)])
  expect((await look()).days).toMatchObject([{ sessions: 1 }])
})

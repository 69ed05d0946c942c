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

test('with more tokens than a list is long, drivers, vehicles and budgets are those that a sum over all of them gives', async () => {
  const { cloud } = await openWorld(database)
  await seedDemo(cloud)
  const { tenant } = cloud.config
  const monthS = Date.UTC(2026, 8, 1) / 1_000
  const tokens = Array.from({ length: 60 }, (_, at) => ({
    ...{ tokenId: `t${100 + at}`, serial: `${1_000_000_000_000_000 + at}` },
    driverId: at % 3 === 0 ? `d${at % 12}` : null,
    vehicleId: at % 4 === 0 ? `v${100 + (at % 28)}` : null,
    cost: at % 10 === 9 ? 0 : ((at * 7_919) % 997) + 1,
    limit: at % 2 === 0 ? 2_000 + at : 0,
    isLive: at % 8 !== 0,
  }))
  await inTenant(cloud.db, tenant, async (tx) => {
    for (const { tokenId, serial, driverId, vehicleId, cost, limit, isLive } of tokens) {
      const owned = { tenant, serial, owner: fleetAccount(fleetId), currency: 'EUR' as const, cap_minor: 1 }
      const times = { issued_at_s: startS, not_after_s: startS + 90 }
      const grant = { ...owned, ...times, device_key: serial, spends_max: 1, bytes: Buffer.alloc(0) }
      await tx.insertInto('grants').values(grant).execute()
      const caps = { cap_minor: 1, session_cap_minor: 1, daily_limit_minor: 0, month_limit_minor: limit }
      const named = { tenant, token_id: tokenId, fleet_id: fleetId, serial, driver_name: tokenId }
      const keyed = { idempotency_key: tokenId, claim_hash: tokenId, issued_at_s: startS }
      const ends = { expires_at_s: startS + (isLive ? 90 : 0) }
      const holders = { driver_id: driverId, vehicle_id: vehicleId }
      await tx
        .insertInto('fleet_tokens')
        .values({ ...named, ...keyed, ...ends, ...holders, ...caps })
        .execute()
      if (cost === 0) continue
      const sums = { sessions: 1, energy_wh: 1_000, cost_minor: cost }
      await tx
        .insertInto('fleet_grant_months')
        .values({ tenant, fleet_id: fleetId, month_s: monthS, serial, ...sums })
        .execute()
    }
  })
  const sumBy = (keyOf: (token: (typeof tokens)[number]) => string | null) => {
    const sums = new Map<string, number>()
    for (const token of tokens) {
      const key = keyOf(token)
      if (key !== null && token.cost > 0) sums.set(key, (sums.get(key) ?? 0) + token.cost)
    }
    return [...sums].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1)).slice(0, 10)
  }
  const { drivers, vehicles, month } = expectOk(await dashboardOf(cloud, fleetId), 'dashboard')
  const shown = (list: typeof drivers) => list.map(({ id, costMinor }) => [id, costMinor])
  expect(shown(drivers)).toEqual(sumBy(({ driverId, tokenId }) => driverId ?? tokenId))
  expect(shown(vehicles)).toEqual(sumBy(({ vehicleId }) => vehicleId))
  const limited = tokens.filter(({ isLive, limit }) => isLive && limit > 0)
  const total = (of: readonly number[]) => of.reduce((sum, one) => sum + one, 0)
  expect(month).toMatchObject({
    usedMinor: total(tokens.map(({ cost }) => cost)),
    tokensWithBudget: limited.length,
    budgetMinor: total(limited.map(({ limit }) => limit)),
    usedOfBudgetMinor: total(limited.map(({ cost }) => cost)),
    nearest: [...limited]
      .sort((one, other) => other.cost / other.limit - one.cost / one.limit)
      .slice(0, 5)
      .map(({ tokenId, cost, limit }) => ({ tokenId, usedMinor: cost, limitMinor: limit })),
  })
})

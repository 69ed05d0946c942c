/** Rules of tokens: what grants carry, what a month leaves, and how a token goes on. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { changeRules, renewToken } from '@/lib/cloud/fleet/change-token'
import { claimToken, issueToken } from '@/lib/cloud/fleet/commands'
import { revokeToken } from '@/lib/cloud/fleet/withdraw-token'
import { tokenOf, tokensOf } from '@/lib/cloud/fleet/token-list'
import type { IssueToken } from '@/lib/cloud/fleet/commands'
import { receiveBundle } from '@/lib/cloud/ingest/commands'
import { fleetAccount } from '@/lib/cloud/ledger/accounts'
import { demo, seedDemo } from '@/lib/cloud/operator/seed-demo'
import type { Cloud } from '@/lib/cloud/context'
import { TestPhone } from '../../fixtures/session-actors'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { closeOf, renew, revokedNow, type Held } from './closing'
import { balanceMinor, Charger, freshSigner, openWorld, proof } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const dayS = 86_400
const { fleetId, managerId: author } = demo

const issue = async (cloud: Cloud, change: Partial<IssueToken> = {}) =>
  expectOk(
    await issueToken(cloud, {
      ...{ fleetId, driverName: 'Ailsa Reid', capMinor: 20_000, sessionCapMinor: 8_000, dailyLimitMinor: 0 },
      ...{ days: 45, idempotencyKey: `key-${change.driverName ?? 'ailsa'}`, author },
      ...change,
    }),
    'token',
  )

async function claim(cloud: Cloud, code: string): Promise<Held> {
  const signer = freshSigner()
  const order = { code, deviceKey: signer.publicKey, keyProtection: 'platform' as const }
  const { grant } = expectOk(await claimToken(cloud, order), 'claim')
  return { phone: TestPhone.holding(grant, signer), signer }
}

async function goOn(cloud: Cloud, held: Held) {
  const signer = freshSigner()
  const renewed = await renew(cloud, await closeOf(cloud, held), undefined, signer)
  return renewed.ok ? { phone: TestPhone.holding(renewed.value, signer), signer } : renewed.error.code
}

/** 40 kWh at 0.49: 19.60, settled. */
async function settle(cloud: Cloud, { phone }: Held): Promise<void> {
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 6_000, 40_000)
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
}
const settledMinor = 1_960

async function world(change: Partial<IssueToken> = {}) {
  const { cloud, pass } = await openWorld(database)
  await seedDemo(cloud)
  const token = await issue(cloud, change)
  const look = async () => expectOk(await tokenOf(cloud, fleetId, token.tokenId), 'token')
  return { cloud, pass, token, look, held: await claim(cloud, token.claimCode) }
}

test('a grant carries every rule that its token has', async () => {
  const rules = {
    ...{ fromMinute: 1_320, toMinute: 360, connectorPowerMaxW: 22_000, vehicleClass: 3 },
    monthLimitMinor: 9_000,
  }
  const { held, look } = await world(rules)
  expect(held.phone.grant.payload).toMatchObject({
    capMinor: 9_000,
    connectorPowerMaxW: 22_000,
    fleetRules: { fromMinute: 1_320, toMinute: 360, vehicleClass: 3 },
  })
  expect(await look()).toMatchObject({ capMinor: 20_000, rules: { ...rules, sites: [] } })
})

describe('a limit of the month', () => {
  test('is what the first grant carries, and what each next one carries less what was spent', async () => {
    const { cloud, held, look } = await world({ monthLimitMinor: 5_000 })
    expect(held.phone.grant.payload.capMinor).toBe(5_000)
    await settle(cloud, held)
    const next = await goOn(cloud, held)
    if (typeof next === 'string') throw new Error(next)
    expect(next.phone.grant.payload.capMinor).toBe(5_000 - settledMinor)
    await settle(cloud, next)
    const third = await goOn(cloud, next)
    expect(typeof third === 'string' ? third : third.phone.grant.payload.capMinor).toBe(
      5_000 - 2 * settledMinor,
    )
    expect(await look()).toMatchObject({ spentMinor: 2 * settledMinor, monthMinor: 2 * settledMinor })
    // All that is left of the token stays set aside, whatever part of it the month lets through.
    expect(await balanceMinor(cloud, fleetAccount(fleetId))).toBe(30_000)
    expect(await proof(cloud)).toMatchObject({ isProved: true })
  })

  test('counts what was spent in the new month under a grant of the old one', async () => {
    const { cloud, pass, held, look } = await world({ monthLimitMinor: 5_000 })
    await settle(cloud, held)
    pass(31 * dayS)
    await settle(cloud, held)
    expect(await look()).toMatchObject({ spentMinor: 2 * settledMinor, monthMinor: settledMinor })
    const next = await goOn(cloud, held)
    expect(typeof next === 'string' ? next : next.phone.grant.payload.capMinor).toBe(5_000 - settledMinor)
  })

  test('that is used up lets nothing through until the next month', async () => {
    const { cloud, pass, held } = await world({ monthLimitMinor: settledMinor })
    await settle(cloud, held)
    expect(await goOn(cloud, held)).toBe('wallet.month-limit')
    pass(29 * dayS)
    expect(await goOn(cloud, held)).toBe('wallet.month-limit')
    pass(dayS)
    expect(await goOn(cloud, held)).toMatchObject({
      phone: { grant: { payload: { capMinor: settledMinor } } },
    })
  })
})

describe('new rules', () => {
  const rules = { sessionCapMinor: 2_500, dailyLimitMinor: 4_000, connectorPowerMaxW: 11_000 }
  const order = (tokenId: string) => ({ fleetId, tokenId, author, ...rules })

  test('hold from the next grant on, and the list says that they wait', async () => {
    const { cloud, pass, token, held, look } = await world()
    pass(60)
    expect(await changeRules(cloud, order(token.tokenId))).toEqual({
      ok: true,
      value: { holdFrom: 'renewal' },
    })
    expect(await look()).toMatchObject({ rulesWait: true, rules: { sessionCapMinor: 2_500 } })
    pass(60)
    const next = await goOn(cloud, held)
    expect(next).toMatchObject({
      phone: { grant: { payload: { sessionCapMinor: 2_500, connectorPowerMaxW: 11_000 } } },
    })
    expect(await look()).toMatchObject({ rulesWait: false })
  })

  test('hold from the claim on where nobody has claimed it', async () => {
    const { cloud } = await openWorld(database)
    await seedDemo(cloud)
    const token = await issue(cloud)
    expect(await changeRules(cloud, order(token.tokenId))).toEqual({ ok: true, value: { holdFrom: 'claim' } })
    const { phone } = await claim(cloud, token.claimCode)
    expect(phone.grant.payload).toMatchObject({ sessionCapMinor: 2_500 })
  })
})

describe('a token that goes on', () => {
  const order = (tokenId: string, change: object = {}) => ({
    ...{ fleetId, tokenId, author, days: 45, addMinor: 0, atOnce: false, idempotencyKey: 'renew-01' },
    ...change,
  })

  test('lasts longer and carries more with its next grant; the same key does it once', async () => {
    const { cloud, pass, token, held, look } = await world()
    await settle(cloud, held)
    pass(20 * dayS)
    const wanted = order(token.tokenId, { addMinor: 5_000 })
    const [first, second] = await Promise.all([renewToken(cloud, wanted), renewToken(cloud, wanted)])
    expect(second).toEqual(first)
    expect(await balanceMinor(cloud, fleetAccount(fleetId))).toBe(25_000)
    expect(await look()).toMatchObject({ capMinor: 25_000, expiresAtS: cloud.clock.nowS() + 45 * dayS })
    const next = await goOn(cloud, held)
    expect(next).toMatchObject({
      phone: {
        grant: { payload: { capMinor: 25_000 - settledMinor, notAfterS: cloud.clock.nowS() + 45 * dayS } },
      },
    })
    expect(await proof(cloud)).toMatchObject({ isProved: true })
  })

  test('an older key that is sent again after a newer one adds nothing', async () => {
    const { cloud, token, look } = await world()
    const [early, late] = ['renew-01', 'renew-02'].map((idempotencyKey) =>
      order(token.tokenId, { addMinor: 1_000, idempotencyKey }),
    )
    if (early === undefined || late === undefined) throw new Error('Two orders')
    for (const one of [early, late, early, late, early]) expectOk(await renewToken(cloud, one), 'renewal')
    expect(await look()).toMatchObject({ capMinor: 22_000 })
    expect(await balanceMinor(cloud, fleetAccount(fleetId))).toBe(28_000)
  })

  test('at once has its present grant blocked, and the phone may still exchange it', async () => {
    const { cloud, token, held } = await world()
    expectOk(await renewToken(cloud, order(token.tokenId, { atOnce: true })), 'renewal')
    expect(await revokedNow(cloud)).toEqual([held.phone.serial])
    expect(await goOn(cloud, held)).toMatchObject({ phone: { grant: { payload: { capMinor: 20_000 } } } })
  })

  test('takes no more than the fleet has, and not when it was withdrawn', async () => {
    const { cloud, token } = await world()
    expect(await renewToken(cloud, order(token.tokenId, { addMinor: 30_001 }))).toMatchObject({
      error: { code: 'account.insufficient-funds' },
    })
    expect(await renewToken(cloud, order('0'.repeat(32)))).toMatchObject({ error: { code: 'api.not-found' } })
    const withdrawal = { fleetId, tokenId: token.tokenId, confirmation: 'Ailsa Reid', author }
    expectOk(await revokeToken(cloud, withdrawal), 'withdrawal')
    expect(await renewToken(cloud, order(token.tokenId))).toMatchObject({ error: { code: 'grant.revoked' } })
  })
})

test('the list is paged by key and filtered', async () => {
  const { cloud, pass } = await openWorld(database)
  await seedDemo(cloud)
  for (const driverName of ['Ailsa', 'Ben', 'Cara']) {
    await issue(cloud, { driverName, capMinor: 1_000 })
    pass(1)
  }
  const names = async (filter: object) =>
    expectOk(await tokensOf(cloud, fleetId, filter), 'page').tokens.map(({ driverName }) => driverName)
  const first = expectOk(await tokensOf(cloud, fleetId, { limit: 2 }), 'page')
  expect(first.tokens.map(({ driverName }) => driverName)).toEqual(['Cara', 'Ben'])
  expect(await names({ limit: 2, after: first.next ?? '' })).toEqual(['Ailsa'])
  expect(await names({ search: 'AR' })).toEqual(['Cara'])
  expect(await names({ state: 'live' })).toEqual([])
  expect(await names({ state: 'unclaimed', driver: 'ab'.repeat(16) })).toEqual([])
  expect(await tokensOf(cloud, fleetId, { after: 'x' })).toMatchObject({ error: { code: 'api.malformed' } })
  expect(await names({})).toEqual(['Cara', 'Ben', 'Ailsa'])
})

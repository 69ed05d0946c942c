import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EUR } from '@/lib/core/currency'
import { expectOk } from '@/lib/core/result'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { claimToken, issueToken } from '@/lib/cloud/fleet/commands'
import { revokeToken } from '@/lib/cloud/fleet/withdraw-token'
import { fleetOverview } from '@/lib/cloud/fleet/queries'
import { receiveBundle, releaseDueReserves } from '@/lib/cloud/ingest/commands'
import { issueDriverGrant } from '@/lib/cloud/issuance/commands'
import { fleetAccount, walletAccount } from '@/lib/cloud/ledger/accounts'
import { balanceOf } from '@/lib/cloud/ledger/queries'
import { demo, seedDemo } from '@/lib/cloud/operator/seed-demo'
import { TestPhone } from '../../fixtures/session-actors'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { closeOf, driver, phoneOf, read, renew, revokedNow } from './closing'
import { balanceMinor, Charger, freshSigner, openAccount, openWorld, proof } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const dayS = 86_400

describe('caps never sum above what the account has', () => {
  test('two devices at once split the credit', async () => {
    const { cloud } = await openWorld(database)
    const accountId = await openAccount(cloud, 12_000)
    const phones = await Promise.all([1, 2, 3, 4].map(() => phoneOf(cloud, accountId).catch(() => undefined)))
    const caps = phones.flatMap((held) => (held === undefined ? [] : [held.phone.grant.payload.capMinor]))
    expect(caps.reduce((sum, cap) => sum + cap, 0)).toBe(12_000)
    expect(await balanceMinor(cloud, walletAccount(accountId))).toBe(0)
  })

  test('a renewal and a second device at once split it too', async () => {
    const { cloud, accountId, held, wallet } = await driver(database, 10_000, 4_000)
    const end = await closeOf(cloud, held)
    const [renewed, second] = await Promise.all([
      renew(cloud, end, accountId),
      phoneOf(cloud, accountId).catch(() => undefined),
    ])
    const caps = [
      renewed.ok ? read(renewed.value).capMinor : 0,
      second?.phone.grant.payload.capMinor ?? 0,
      renewed.ok ? 0 : 4_000,
    ]
    expect(caps.reduce((sum, cap) => sum + cap, 0) + (await wallet())).toBe(10_000)
    expect(await proof(cloud)).toMatchObject({ isProved: true })
  })

  test('from two processes at once a close counts once', async () => {
    const { cloud, accountId, held } = await driver(database)
    const other: Cloud = { ...cloud, db: database.openAnother() }
    const next = freshSigner()
    const end = await closeOf(cloud, held)
    const both = await Promise.all([renew(cloud, end, accountId, next), renew(other, end, accountId, next)])
    expect(new Set(both.map((one) => read(expectOk(one, 'renewal')).serial)).size).toBe(1)
  })

  test('the cap of a lost phone stays set aside until a month after its end, and is spendable then', async () => {
    const { cloud, pass, accountId, wallet } = await driver(database, 4_000, 4_000)
    const second = () => phoneOf(cloud, accountId).catch(() => 'nothing to spend')
    expect(await second()).toBe('nothing to spend')
    pass(7 * dayS + 29 * dayS)
    await releaseDueReserves(cloud)
    expect(await second()).toBe('nothing to spend')
    pass(2 * dayS)
    await releaseDueReserves(cloud)
    expect(await wallet()).toBe(4_000)
    expect(await second()).toMatchObject({ phone: { grant: { payload: { capMinor: 4_000 } } } })
  })
})

describe('a fleet’s grant', () => {
  async function fleetDriver(change: { dailyLimitMinor?: number; sites?: readonly string[] } = {}) {
    const { cloud, pass } = await openWorld(database)
    await seedDemo(cloud)
    const token = expectOk(
      await issueToken(cloud, {
        fleetId: demo.fleetId,
        driverName: 'Ailsa Reid',
        capMinor: 20_000,
        sessionCapMinor: 8_000,
        dailyLimitMinor: 0,
        days: 30,
        idempotencyKey: 'ailsa',
        author: demo.managerId,
        ...change,
      }),
      'token',
    )
    const signer = freshSigner()
    const order = { code: token.claimCode, deviceKey: signer.publicKey, keyProtection: 'platform' as const }
    const claimed = expectOk(await claimToken(cloud, order), 'claim')
    const phone = TestPhone.holding(claimed.grant, signer)
    return { cloud, pass, token, held: { phone, signer }, phone, charger: await Charger.enrolled(cloud) }
  }

  test('goes on without a sign-in for what its token has left, by the same rules', async () => {
    const { cloud, held, phone, charger } = await fleetDriver({ dailyLimitMinor: 10_000 })
    await charger.charge(phone, 6_000, 40_000)
    expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
    const nextSigner = freshSigner()
    const bytes = expectOk(await renew(cloud, await closeOf(cloud, held), undefined, nextSigner), 'renewal')
    const next = read(bytes)
    expect(next).toMatchObject({
      capMinor: 20_000 - 1_960,
      sessionCapMinor: 8_000,
      notAfterS: phone.grant.payload.notAfterS,
      fleetRules: phone.grant.payload.fleetRules,
    })
    const other = TestPhone.holding(bytes, nextSigner)
    await charger.charge(other, 6_000, 40_000)
    expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
    const overview = expectOk(await fleetOverview(cloud, demo.fleetId), 'overview')
    expect(overview.tokens).toMatchObject([{ spentMinor: 2 * 1_960 }])
    expect(overview.sessions.map(({ driverName }) => driverName)).toEqual(['Ailsa Reid', 'Ailsa Reid'])
    expect(await balanceMinor(cloud, fleetAccount(demo.fleetId))).toBe(30_000)
  })

  test('waits for the next day when the day’s limit is used up', async () => {
    const { cloud, pass, held, phone, charger } = await fleetDriver({ dailyLimitMinor: 1_900 })
    await charger.charge(phone, 6_000, 40_000)
    expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
    const end = await closeOf(cloud, held)
    expect(await renew(cloud, end, undefined)).toMatchObject({ error: { code: 'wallet.daily-limit' } })
    pass(dayS)
    expect((await renew(cloud, end, undefined)).ok).toBe(true)
  })

  test('ends for good with its token: whoever withdraws it withdraws every grant of its row', async () => {
    const { cloud, token, held } = await fleetDriver()
    const next = freshSigner()
    const end = await closeOf(cloud, held)
    const renewed = expectOk(await renew(cloud, end, undefined, next), 'renewal')
    const { fleetId, managerId } = demo
    const order = { fleetId, tokenId: token.tokenId, confirmation: 'Ailsa Reid', author: managerId }
    expectOk(await revokeToken(cloud, order), 'withdrawal')
    expect([...(await revokedNow(cloud))].sort()).toEqual([held.phone.serial, read(renewed).serial].sort())
    const again = await closeOf(cloud, { phone: TestPhone.holding(renewed, next), signer: next })
    expect(await renew(cloud, again, undefined)).toMatchObject({ error: { code: 'grant.revoked' } })
  })

  test('for certain sites stays there', async () => {
    const { cloud, held, phone } = await fleetDriver({ sites: ['kinross'] })
    expect(phone.grant.payload.sites).toEqual(['kinross'])
    const renewed = expectOk(await renew(cloud, await closeOf(cloud, held), undefined), 'renewal')
    expect(read(renewed).sites).toEqual(['kinross'])
  })
})

test('a driver’s grant for certain sites holds more, and only for sites that are there', async () => {
  const { cloud } = await openWorld(database)
  await Charger.enrolled(cloud)
  const accountId = await openAccount(cloud, 50_000)
  const ask = (sites: readonly string[]) =>
    issueDriverGrant(cloud, {
      accountId,
      deviceKey: freshSigner().publicKey,
      keyProtection: 'platform',
      sites,
    })
  expect(read(expectOk(await ask(['kinross']), 'grant'))).toMatchObject({
    capMinor: 30_000,
    sites: ['kinross'],
  })
  expect(await ask(['nowhere'])).toMatchObject({ error: { code: 'grant.site' } })
  const { availableMinor: leftMinor } = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    balanceOf(tx, cloud.config.tenant, walletAccount(accountId), EUR),
  )
  expect(leftMinor).toBe(20_000)
})

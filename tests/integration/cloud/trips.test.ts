import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { siteId } from '@/lib/core/ids'
import type { Cloud } from '@/lib/cloud/context'
import { accountHistory, parseCursor } from '@/lib/cloud/accounts/history'
import { receiveBundle, receiveReport } from '@/lib/cloud/ingest/commands'
import { issueDriverGrant } from '@/lib/cloud/issuance/commands'
import { giveBackGrant } from '@/lib/cloud/issuance/give-back'
import { releaseClosedRests } from '@/lib/cloud/issuance/closed-rests'
import { placeSites, tripSites } from '@/lib/cloud/issuance/trip-sites'
import { seedDemo } from '@/lib/cloud/operator/seed-demo'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { closeOf, driver, read, renew, revokedNow } from './closing'
import { freshSigner, openWorld, payIn, proof } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

describe('sites to choose from', () => {
  test('come in the operator’s order with what stands there, and those without a place come last', async () => {
    const { cloud } = await driver(database)
    await placeSites(cloud, [
      { siteId: siteId('zoo'), label: 'Zoo', latitudeE5: 5_600_000, longitudeE5: -340_000 },
      { siteId: siteId('abbey'), label: 'Abbey', latitudeE5: 5_610_000, longitudeE5: -341_000 },
    ])
    const { sites } = await tripSites(cloud)
    expect(sites.map(({ siteId: id }) => id)).toEqual(['zoo', 'abbey', 'kinross'])
    expect(sites[0]).toEqual({
      siteId: 'zoo',
      label: 'Zoo',
      position: { latitudeE5: 5_600_000, longitudeE5: -340_000 },
      chargers: 0,
      keepsReserve: false,
    })
    expect(sites[2]).toMatchObject({ position: null, chargers: 1, keepsReserve: true })
  })

  test('are there in the demonstration, and seeding it twice changes nothing', async () => {
    const { cloud } = await openWorld(database)
    await seedDemo(cloud)
    const once = await tripSites(cloud)
    await seedDemo(cloud)
    expect(await tripSites(cloud)).toEqual(once)
    expect(once.sites.length).toBeGreaterThan(5)
    expect(once.sites.every(({ position, chargers }) => position !== null && chargers > 0)).toBe(true)
  })
})

describe('a grant for some sites', () => {
  test('splits the credit with the one for everywhere, up to 300 for 45 days', async () => {
    const { cloud, accountId, wallet } = await driver(database, 50_000, 4_000)
    const grant = read(await bound(cloud, accountId, 40_000))
    expect({ cap: grant.capMinor, sites: grant.sites, left: await wallet() }).toEqual({
      cap: 30_000,
      sites: ['kinross'],
      left: 16_000,
    })
    expect(grant.notAfterS - cloud.clock.nowS()).toBe(45 * 86_400)
  })

  test('is refused for a site that the operator does not have', async () => {
    const { cloud, accountId } = await driver(database)
    const order = { accountId, deviceKey: freshSigner().publicKey, keyProtection: 'platform' as const }
    expect(await issueDriverGrant(cloud, { ...order, sites: ['elsewhere'] })).toMatchObject({
      error: { code: 'grant.site' },
    })
  })
})

describe('a grant given back for good', () => {
  test('returns what it did not spend, is revoked, and the same close again changes nothing', async () => {
    const { cloud, accountId, held, phone, charger, wallet } = await driver(database)
    await charger.charge(phone, 3_000, 20_000)
    expectOk(await receiveReport(cloud, phone.report()), 'report')
    const close = await closeOf(cloud, held)
    const first = expectOk(await giveBackGrant(cloud, { accountId, close }), 'given back')
    expect(first).toEqual({ releasedMinor: 4_000 - 980, balanceMinor: 10_000 - 980 })
    expect(expectOk(await giveBackGrant(cloud, { accountId, close }), 'again')).toEqual(first)
    expect(await wallet()).toBe(10_000 - 980)
    expect(await revokedNow(cloud)).toEqual([phone.serial])
    expect(await proof(cloud)).toMatchObject({ isProved: true })
  })

  test('keeps what an open session holds until that has ended', async () => {
    const { cloud, accountId, held, phone, charger, wallet } = await driver(database)
    const running = await charger.charge(phone, 3_000, null)
    expectOk(await receiveReport(cloud, phone.report()), 'report')
    const given = await giveBackGrant(cloud, { accountId, close: await closeOf(cloud, held) })
    expect(expectOk(given, 'given back').releasedMinor).toBe(1_000)
    charger.end(running.id, (await charger.receipt(running.id, running.offer, 3_000, 20_000)).bytes)
    expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
    await releaseClosedRests(cloud)
    expect(await wallet()).toBe(10_000 - 980)
  })

  test('is refused to another account, for a chain with gaps, and after it was exchanged', async () => {
    const { cloud, accountId, held, phone, charger } = await driver(database)
    await charger.charge(phone, 1_000, 0)
    const close = await closeOf(cloud, held)
    const stranger = { accountId: 'f'.repeat(32), close }
    expect(await giveBackGrant(cloud, stranger)).toMatchObject({ error: { code: 'api.forbidden' } })
    expect(await giveBackGrant(cloud, { accountId, close })).toMatchObject({
      error: { code: 'close.incomplete' },
    })
    expectOk(await receiveReport(cloud, phone.report()), 'report')
    expectOk(await renew(cloud, close, accountId), 'exchanged')
    expect(await giveBackGrant(cloud, { accountId, close })).toMatchObject({
      error: { code: 'close.contradicted' },
    })
  })

  test('cannot be exchanged afterwards', async () => {
    const { cloud, accountId, held } = await driver(database)
    const close = await closeOf(cloud, held)
    expectOk(await giveBackGrant(cloud, { accountId, close }), 'given back')
    expect(await renew(cloud, close, accountId)).toMatchObject({ error: { code: 'grant.revoked' } })
  })
})

describe('the history of an account', () => {
  test('tells top-ups, what moved to the phone, what a session cost and what came back', async () => {
    const { cloud, accountId, held, phone, charger } = await driver(database)
    const { id } = await charger.charge(phone, 3_000, 20_000)
    expectOk(await receiveReport(cloud, phone.report()), 'report')
    expectOk(await giveBackGrant(cloud, { accountId, close: await closeOf(cloud, held) }), 'given back')
    const { lines, before } = await accountHistory(cloud, accountId, undefined)
    expect(before).toBeNull()
    expect(lines.map(({ kind, amountMinor }) => [kind, amountMinor]).sort()).toEqual([
      ['given-back', 4_000 - 980],
      ['session', -980],
      ['taken-along', 4_000],
      ['top-up', 10_000],
    ])
    expect(lines.find(({ kind }) => kind === 'session')).toMatchObject({
      sessionId: id,
      siteLabel: 'Kinross Services',
      heldMinor: 3_000,
      currency: 'EUR',
    })
    const credit = lines.filter(({ kind }) => kind === 'top-up' || kind === 'session')
    expect(credit.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(10_000 - 980)
  })

  test('comes in pages that neither repeat nor leave out a line', async () => {
    const { cloud, accountId } = await driver(database)
    for (let count = 0; count < 60; count += 1) await payIn(cloud, accountId, 1_000 + count)
    const first = await accountHistory(cloud, accountId, undefined)
    const second = await accountHistory(cloud, accountId, parseCursor(first.before ?? ''))
    expect([first.lines.length, second.lines.length, second.before]).toEqual([50, 12, null])
    const ids = [...first.lines, ...second.lines].map(({ id }) => id)
    expect(new Set(ids).size).toBe(62)
  })

  test('shows nobody else’s lines, and a cursor that is not ours is no cursor', async () => {
    const { cloud } = await driver(database)
    expect(await accountHistory(cloud, 'e'.repeat(32), undefined)).toEqual({ lines: [], before: null })
    expect(parseCursor("1~'; drop table grants")).toBeUndefined()
    expect(parseCursor('x~y')).toBeUndefined()
  })
})

const bound = async (cloud: Cloud, accountId: string, capMinor: number) =>
  expectOk(
    await issueDriverGrant(cloud, {
      accountId,
      deviceKey: freshSigner().publicKey,
      keyProtection: 'platform',
      capMinor,
      sites: ['kinross'],
    }),
    'grant',
  )

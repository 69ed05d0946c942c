import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { receiveBundle, receiveReport } from '@/lib/cloud/ingest/commands'
import { releaseClosedRests } from '@/lib/cloud/issuance/closed-rests'
import { closesBySerial } from '@/lib/cloud/issuance/queries'
import { reserveAccount } from '@/lib/cloud/ledger/accounts'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { closeOf, driver, phoneOf, read, renew, revokedNow } from './closing'
import { balanceMinor, freshSigner, openAccount, proof } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const dayS = 86_400

describe('a grant is given back for the next', () => {
  test('what it did not spend moves into the next one, and the old one is revoked', async () => {
    const { cloud, accountId, held, phone, charger, wallet, reserve } = await driver(database)
    await charger.charge(phone, 3_000, 20_000)
    expectOk(await receiveReport(cloud, phone.report()), 'report')
    const next = read(expectOk(await renew(cloud, await closeOf(cloud, held), accountId), 'renewal'))
    expect(next.serial).not.toBe(phone.serial)
    expect(next.capMinor).toBe(10_000 - 980)
    expect({ wallet: await wallet(), old: await reserve(), next: await reserve(next.serial) }).toEqual({
      wallet: 0,
      old: 0,
      next: 9_020,
    })
    expect(await revokedNow(cloud)).toEqual([phone.serial])
    expect(await proof(cloud)).toMatchObject({ isProved: true })
  })

  test('an open hold stays reserved under the old serial, and its rest comes back when it ends', async () => {
    const { cloud, accountId, held, phone, charger, wallet, reserve } = await driver(database, 4_000, 4_000)
    const running = await charger.charge(phone, 3_000, null)
    expectOk(await receiveReport(cloud, phone.report()), 'report')
    const next = read(expectOk(await renew(cloud, await closeOf(cloud, held), accountId), 'renewal'))
    expect(next.capMinor).toBe(1_000)
    expect(await balanceMinor(cloud, reserveAccount(phone.serial))).toBe(3_000)
    charger.end(running.id, (await charger.receipt(running.id, running.offer, 3_000, 20_000)).bytes)
    expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
    expect(await releaseClosedRests(cloud)).toBe(1)
    expect(await releaseClosedRests(cloud)).toBe(0)
    expect({ wallet: await wallet(), old: await reserve() }).toEqual({ wallet: 3_000 - 980, old: 0 })
    expect(await proof(cloud)).toMatchObject({ isProved: true })
  })

  test('a rest that came free is there for the next grant without anybody sweeping', async () => {
    const { cloud, accountId, held, phone, charger } = await driver(database, 4_000, 4_000)
    const running = await charger.charge(phone, 3_000, null)
    expectOk(await receiveReport(cloud, phone.report()), 'report')
    expectOk(await renew(cloud, await closeOf(cloud, held), accountId), 'renewal')
    charger.end(running.id, (await charger.receipt(running.id, running.offer, 3_000, 0)).bytes)
    expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
    expect((await phoneOf(cloud, accountId)).phone.grant.payload.capMinor).toBe(3_000)
  })

  test('the same close gives the same grant again, after a lost answer and when asked twice at once', async () => {
    const { cloud, accountId, held } = await driver(database)
    const next = freshSigner()
    const end = await closeOf(cloud, held)
    const answers = await Promise.all([1, 2, 3].map(() => renew(cloud, end, accountId, next)))
    const again = await renew(cloud, await closeOf(cloud, held), accountId, next)
    const serials = [...answers, again].map((answer) => read(expectOk(answer, 'renewal')).serial)
    expect(new Set(serials).size).toBe(1)
    expect((await proof(cloud)).transfers).toBe(4)
  })

  test('another phone with the same backup cannot take the credit a second time', async () => {
    const { cloud, accountId, held } = await driver(database)
    const end = await closeOf(cloud, held)
    const [first, second] = await Promise.all([renew(cloud, end, accountId), renew(cloud, end, accountId)])
    expect([first.ok, second.ok].filter(Boolean)).toHaveLength(1)
    const refused = first.ok ? second : first
    expect(refused).toMatchObject({ error: { code: 'close.contradicted' } })
  })

  test('a crash before the commit leaves everything as it was', async () => {
    const { cloud, accountId, held, wallet, reserve } = await driver(database)
    const end = await closeOf(cloud, held)
    const died = new Error('the process died')
    const dying: Cloud = { ...cloud, issuer: { ...cloud.issuer, sign: () => Promise.reject(died) } }
    await expect(renew(dying, end, accountId)).rejects.toBe(died)
    expect({ wallet: await wallet(), old: await reserve(), revoked: await revokedNow(cloud) }).toEqual({
      wallet: 6_000,
      old: 4_000,
      revoked: [],
    })
    expect((await renew(cloud, end, accountId)).ok).toBe(true)
  })

  test('the next grant counts as young for a day wherever it comes', async () => {
    const { cloud, accountId, held } = await driver(database)
    const next = read(expectOk(await renew(cloud, await closeOf(cloud, held), accountId), 'renewal'))
    expect(cloud.clock.nowS() - next.notBeforeS).toBeLessThan(dayS)
  })
})

describe('nothing moves when a close', () => {
  test('names a chain that is not wholly known', async () => {
    const { cloud, accountId, held, phone, charger, reserve } = await driver(database)
    await charger.charge(phone, 1_000, 0)
    await charger.charge(phone, 1_000, 0)
    expectOk(await receiveReport(cloud, phone.report(phone.sessions.slice(1))), 'report')
    const end = await closeOf(cloud, held)
    expect(await renew(cloud, end, accountId)).toMatchObject({ error: { code: 'close.incomplete' } })
    expect(await reserve()).toBe(4_000)
    expectOk(await receiveReport(cloud, phone.report()), 'the rest')
    expect((await renew(cloud, end, accountId)).ok).toBe(true)
  })

  test('hides what a charger has brought', async () => {
    const { cloud, accountId, held, phone, charger } = await driver(database)
    await charger.charge(phone, 3_000, 20_000)
    expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
    const lie = await closeOf(cloud, held, { lastSeq: 0, head: phone.grant.hash })
    expect(await renew(cloud, lie, accountId)).toMatchObject({ error: { code: 'close.contradicted' } })
  })

  test('stands at the end of a fork', async () => {
    const { cloud, accountId, held, phone, charger } = await driver(database)
    const clone = phone.clone()
    await charger.charge(phone, 1_000, 0)
    await charger.charge(clone, 1_000, 0)
    expectOk(await receiveReport(cloud, phone.report()), 'one')
    expectOk(await receiveReport(cloud, clone.report()), 'other')
    const refused = await renew(cloud, await closeOf(cloud, held), accountId)
    expect(['close.contradicted', 'grant.revoked']).toContain(refused.ok ? 'renewed' : refused.error.code)
  })

  test('is signed by another key, or is no close', async () => {
    const { cloud, accountId, held } = await driver(database)
    const forged = await closeOf(cloud, { ...held, signer: freshSigner() })
    expect(await renew(cloud, forged, accountId)).toMatchObject({ error: { code: 'wallet.signature' } })
    expect(await renew(cloud, held.phone.grant.bytes, accountId)).toMatchObject({
      error: { code: 'code.damaged' },
    })
  })

  test('comes without the account’s sign-in, or with another’s', async () => {
    const { cloud, held } = await driver(database)
    const end = await closeOf(cloud, held)
    expect(await renew(cloud, end, undefined)).toMatchObject({ error: { code: 'api.unauthenticated' } })
    const other = await openAccount(cloud, 0)
    expect(await renew(cloud, end, other)).toMatchObject({ error: { code: 'api.forbidden' } })
  })

  test('would leave nothing to take along', async () => {
    const { cloud, accountId, held, phone, charger } = await driver(database, 3_000, 3_000)
    await charger.charge(phone, 3_000, null)
    expectOk(await receiveReport(cloud, phone.report()), 'report')
    expect(await renew(cloud, await closeOf(cloud, held), accountId)).toMatchObject({
      error: { code: 'account.insufficient-funds' },
    })
    const closes = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
      closesBySerial(tx, cloud.config.tenant, [phone.serial]),
    )
    expect(closes.size).toBe(0)
  })
})

test('what was signed after the close is still owed, and the close says that it came after', async () => {
  const { cloud, accountId, held, phone, charger } = await driver(database)
  const end = await closeOf(cloud, held)
  expectOk(await renew(cloud, end, accountId), 'renewal')
  await charger.charge(phone, 3_000, 20_000)
  const reply = expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  expect(reply.acknowledgement).not.toBe('')
  const closes = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    closesBySerial(tx, cloud.config.tenant, [phone.serial]),
  )
  expect(closes.get(phone.serial)).toMatchObject({ lastSeq: 0, head: phone.grant.hash, bytes: end })
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

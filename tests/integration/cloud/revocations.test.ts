import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromHex, toBytes, toHex, type Bytes } from '@/lib/core/bytes'
import { grantSerial, publicKey, type GrantSerial } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { parseMessage } from '@/lib/protocol/message'
import { revocationDelta, shortIdOf } from '@/lib/protocol/messages/revocation-delta'
import { revocations } from '@/lib/protocol/messages/revocations'
import { openIssued, openTrustList } from '@/lib/protocol/trust'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { renewGrant, revokeGrant } from '@/lib/cloud/issuance/commands'
import { freshSerial } from '@/lib/cloud/issuance/grant-books'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { announcedMax } from '@/lib/cloud/issuance/revocation-plan'
import { revokeSerial } from '@/lib/cloud/operator/commands'
import { health } from '@/lib/cloud/operator/queries'
import { systemRandom } from '@/lib/cloud/system'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { closeOf, driver } from './closing'
import { bytesOf, freshSigner, openWorld } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const dayS = 86_400

const revoke = (cloud: Cloud, serial: GrantSerial, notAfterS = cloud.clock.nowS() + 7 * dayS) =>
  inTenant(cloud.db, cloud.config.tenant, (tx) => revokeGrant(cloud, tx, serial, notAfterS, 'operator'))

const anySerial = (): GrantSerial => grantSerial(toHex(systemRandom.bytes(8)))

/** As if so many had been revoked one by one. */
async function revokeMany(cloud: Cloud, count: number): Promise<void> {
  const { tenant } = cloud.config
  await inTenant(cloud.db, tenant, async (tx) => {
    const { revocation_epoch: epoch } = await tx
      .selectFrom('tenants')
      .select('revocation_epoch')
      .where('tenant', '=', tenant)
      .executeTakeFirstOrThrow()
    const rows = Array.from({ length: count }, (_, index) => ({
      ...{ tenant, serial: anySerial(), epoch: epoch + index + 1, reason: 'operator', revoked_at_s: 0 },
      not_after_s: cloud.clock.nowS() + 7 * dayS,
    }))
    for (let start = 0; start < rows.length; start += 1_000)
      await tx
        .insertInto('revoked_grants')
        .values(rows.slice(start, start + 1_000))
        .execute()
    await tx
      .updateTable('tenants')
      .set({ revocation_epoch: epoch + count })
      .where('tenant', '=', tenant)
      .execute()
  })
}

async function newsOf(cloud: Cloud) {
  const trust = await currentTrust(cloud)
  const list = expectOk(parseMessage(revocations, bytesOf(trust.revocations)), 'list').payload
  const texts = trust.revocationDeltas ?? []
  const deltas = texts.map((text) => expectOk(parseMessage(revocationDelta, bytesOf(text)), 'delta').payload)
  return { trust, list, texts, deltas }
}

test('deltas are the issuer’s, carry fresh revocations, and are signed once for each pair of epochs', async () => {
  const { cloud, pass } = await openWorld(database)
  const [first, second] = [anySerial(), anySerial()]
  await revoke(cloud, first)
  const before = await newsOf(cloud)
  pass(60)
  expect((await newsOf(cloud)).texts).toEqual(before.texts)
  await revoke(cloud, second)
  const { trust, deltas, texts } = await newsOf(cloud)
  expect(deltas).toMatchObject([{ fromEpoch: 0, epoch: 2, added: [first, second].map(shortIdOf).sort() }])
  const list = openTrustList(bytesOf(trust.trustList), publicKey(trust.root), cloud.verify)!.payload
  expect(
    openIssued(revocationDelta, bytesOf(texts[0]!), list, cloud.clock.nowS(), cloud.verify),
  ).toBeDefined()
})

test('whoever is revoked twice, or at the same moment as somebody else, has one epoch', async () => {
  const { cloud } = await openWorld(database)
  const [one, other] = [anySerial(), anySerial()]
  await Promise.all([revoke(cloud, one), revoke(cloud, one), revoke(cloud, other)])
  const { list } = await newsOf(cloud)
  expect(list).toMatchObject({ epoch: 2, serials: [one, other].sort() })
})

test('beyond 400 the list says how far it goes, and chained deltas say the rest', async () => {
  const { cloud } = await openWorld(database)
  await revokeMany(cloud, 1_000)
  const last = anySerial()
  await revoke(cloud, last)
  const { list, deltas } = await newsOf(cloud)
  expect(list).toMatchObject({ epoch: 400 })
  expect(list.serials).toHaveLength(400)
  let at = list.epoch
  const told = new Set(list.serials.map(shortIdOf))
  for (const delta of deltas.toSorted((left, right) => left.fromEpoch - right.fromEpoch)) {
    if (delta.fromEpoch > at || delta.epoch <= at) continue
    at = delta.epoch
    for (const id of delta.added) told.add(id)
  }
  expect(at).toBe(1_001)
  expect(told.size).toBe(1_001)
  expect(told).toContain(shortIdOf(last))
})

test('what no answer can carry is counted where operators look, and holds up renewals, not revocations', async () => {
  const { cloud, pass, accountId, held, phone } = await driver(database)
  await revokeMany(cloud, announcedMax + 1)
  expect(await health(cloud)).toMatchObject({ status: 'ok', revocationsWaiting: 1 })
  const order = { accountId, deviceKey: freshSigner().publicKey, keyProtection: 'platform' as const }
  const close = await closeOf(cloud, held)
  expect(await renewGrant(cloud, { ...order, close })).toMatchObject({ error: { code: 'news.full' } })
  expect(await revokeSerial(cloud, { serial: phone.serial, author: 'operator' })).toMatchObject({
    ok: true,
    value: { waiting: 2 },
  })
  pass(8 * dayS)
  expect(await health(cloud)).toMatchObject({ revocationsWaiting: 0 })
})

test('a serial whose short id is taken is never drawn', async () => {
  const { cloud, phone } = await driver(database)
  const revoked = anySerial()
  await revoke(cloud, revoked)
  const tails = ['00000001', '00000002', '00000003']
  const draws: Bytes[] = [
    toBytes(fromHex(shortIdOf(revoked) + tails[0]!)),
    toBytes(fromHex(shortIdOf(phone.serial) + tails[1]!)),
    toBytes(fromHex(`0badf00d${tails[2]!}`)),
  ]
  const loaded: Cloud = { ...cloud, random: { bytes: () => draws.shift() ?? toBytes(new Uint8Array(8)) } }
  const serial = await inTenant(cloud.db, cloud.config.tenant, (tx) => freshSerial(loaded, tx))
  expect(serial).toBe('0badf00d00000003')
})

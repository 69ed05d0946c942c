/** What carriers bring, at the real cloud: sealed up, settled, answered, opened by the device alone. */

import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toHex, type Bytes } from '@/lib/core/bytes'
import { deviceId, publicKey } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { expectOk } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { sealWithHpke } from '@/lib/crypto/hpke'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { revokeGrant } from '@/lib/cloud/issuance/commands'
import { answerParcel } from '@/lib/cloud/parcels/answer-parcel'
import { operatorSealing } from '@/lib/cloud/parcels/operator-sealing'
import type { Journal } from '@/lib/journal/journal'
import { MemoryDisk, openMemoryJournal } from '@/lib/journal/memory-disk'
import { openTrustList } from '@/lib/protocol/trust'
import { packBacklog, takeParcelAnswer, type ParcelOrder, type ParcelParts } from '@/lib/roads/parcel-desk'
import type { UploadTrust } from '@/lib/roads/upload'
import { HeldBook } from '@/lib/sync/held-ranges'
import { parcelSecret } from '@/lib/sync/parcel'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import type { TestCharger } from '../../fixtures/session-actors'
import { systemRandom } from '@/lib/cloud/system'
import { driver } from './closing'
import { bytesOf, proof } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const orderAt = (nowS: number): ParcelOrder => ({
  ...{ bytesMax: 10_000_000, countMax: 100, eventsMax: 3, lifetimeH: 720 },
  nowS: epochSeconds(nowS),
})

async function trustOf(cloud: Cloud): Promise<UploadTrust> {
  const { root, trustList } = await currentTrust(cloud)
  const opened = openTrustList(bytesOf(trustList), publicKey(root), cloud.verify)
  if (opened === undefined) throw new Error('The trust list does not open')
  return { root: publicKey(root), trustList: opened.payload, atS: undefined }
}

/** The charger's log on a disk of its own, as a controller has it. */
function deskOf(cloud: Cloud, charger: TestCharger): ParcelParts & { readonly journal: Journal } {
  const journal = expectOk(
    openMemoryJournal(new MemoryDisk(), { device: deviceId(charger.id), random: systemRandom }),
    'journal',
  )
  expectOk(journal.append(charger.events.map((payload) => ({ kind: 'event', payload }))), 'append')
  const { signer, certificate } = charger
  return {
    ...{ journal, signer, certificate, verify: cloud.verify, seal: sealWithHpke, held: new HeldBook() },
    secret: parcelSecret(randomBytes(32)),
  }
}

const packed = async (cloud: Cloud, desk: ParcelParts): Promise<readonly Bytes[]> =>
  expectOk(await packBacklog(desk, await trustOf(cloud), orderAt(cloud.clock.nowS())), 'pack').map(
    ({ bytes }) => bytes,
  )

test('sessions that came by carriers alone are settled, and the answers let the charger forget them', async () => {
  const { cloud, phone, charger } = await driver(database)
  await charger.charge(phone, 3_000, 9_000)
  await charger.charge(phone, 2_000, 4_000)
  const desk = deskOf(cloud, charger)
  const parcels = await packed(cloud, desk)
  expect(parcels.length).toBeGreaterThan(1)
  for (const parcel of parcels) {
    const answer = expectOk(await answerParcel(cloud, parcel), 'answer')
    expectOk(await takeParcelAnswer(desk, await trustOf(cloud), answer), 'take')
  }
  expect(desk.journal.acknowledgedSize).toBe(desk.journal.size)
  await proof(cloud)
  // Another carrier comes months later with the same: nothing changes.
  for (const parcel of parcels) expectOk(await answerParcel(cloud, parcel), 'again')
  await proof(cloud)
})

test('neither parcel nor answer shows a carrier a grant, a charger or a card', async () => {
  const { cloud, phone, charger } = await driver(database)
  await charger.charge(phone, 3_000, 9_000)
  const desk = deskOf(cloud, charger)
  const readable = [phone.serial, toHex(new TextEncoder().encode(charger.id))]
  for (const parcel of await packed(cloud, desk)) {
    const answer = expectOk(await answerParcel(cloud, parcel), 'answer')
    for (const text of readable) {
      expect(toHex(parcel)).not.toContain(text)
      expect(toHex(answer)).not.toContain(text)
    }
  }
})

test('news ride home in the answer', async () => {
  const { cloud, phone, charger } = await driver(database)
  await charger.charge(phone, 3_000, 9_000)
  const desk = deskOf(cloud, charger)
  await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    revokeGrant(cloud, tx, phone.serial, cloud.clock.nowS() + 86_400, 'lost'),
  )
  const [parcel] = await packed(cloud, desk)
  const answer = expectOk(await answerParcel(cloud, parcel ?? new Uint8Array()), 'answer')
  const taken = expectOk(await takeParcelAnswer(desk, await trustOf(cloud), answer), 'take')
  expect(taken.news.policy?.length).toBeGreaterThan(0)
  expect(taken.news.revocations?.length).toBeGreaterThan(0)
})

test('a piece that overtook another is kept, and the device alone is told so', async () => {
  const { cloud, phone, charger } = await driver(database)
  await charger.charge(phone, 3_000, 9_000)
  await charger.charge(phone, 2_000, 4_000)
  const desk = deskOf(cloud, charger)
  const early = (await packed(cloud, desk)).at(-1) ?? new Uint8Array()
  const answer = expectOk(await answerParcel(cloud, early), 'answer')
  const taken = expectOk(await takeParcelAnswer(desk, await trustOf(cloud), answer), 'take')
  expect(taken).toMatchObject({ heldByReceiver: 0, outcome: { kind: 'known' } })
  const rest = await packed(cloud, desk)
  expect(rest.map(toHex)).not.toContain(toHex(early))
  for (const parcel of rest) expectOk(await answerParcel(cloud, parcel), 'answer')
  const last = expectOk(await answerParcel(cloud, rest.at(-1) ?? early), 'answer')
  const whole = expectOk(await takeParcelAnswer(desk, await trustOf(cloud), last), 'take')
  expect(whole.heldByReceiver).toBe(desk.journal.size)
})

test('a parcel for another operator, a damaged and a huge one are refused with a reason', async () => {
  const { cloud, phone, charger } = await driver(database)
  await charger.charge(phone, 3_000, 9_000)
  const [parcel = new Uint8Array()] = await packed(cloud, deskOf(cloud, charger))
  const other = { ...cloud, sealing: await operatorSealing(randomBytes(32)) }
  expect(await answerParcel(other, parcel)).toMatchObject({ error: { code: 'parcel.key' } })
  const damaged = parcel.map((byte, at) => (at === parcel.length - 9 ? byte ^ 4 : byte))
  expect(await answerParcel(cloud, damaged)).toMatchObject({ error: { code: 'parcel.unreadable' } })
  expect(await answerParcel(cloud, new Uint8Array(limits.parcelBytesMax + 1))).toMatchObject({
    error: { code: 'parcel.unreadable' },
  })
})

test('after the operator has changed its sealing key, parcels for the earlier one still open', async () => {
  const { cloud, phone, charger } = await driver(database)
  await charger.charge(phone, 3_000, 9_000)
  const [earlier, next] = [randomBytes(32), randomBytes(32)]
  const before = { ...cloud, sealing: await operatorSealing(earlier) }
  const trust = await trustOf(cloud)
  const desk = deskOf(cloud, charger)
  const sealingKey = before.sealing.publicKey
  const told = { trustList: { ...trust.trustList, sealingKey } }
  const [parcel] = expectOk(await packBacklog(desk, told, orderAt(cloud.clock.nowS())), 'pack')
  const after = { ...cloud, sealing: await operatorSealing(next, [earlier]) }
  const answer = expectOk(await answerParcel(after, parcel?.bytes ?? new Uint8Array()), 'answer')
  expect((await takeParcelAnswer(desk, trust, answer)).ok).toBe(true)
})

import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromBase64Url, toBase64Url, toBytes, toHex } from '@/lib/core/bytes'
import { expectOk } from '@/lib/core/result'
import { openCaseCount } from '@/lib/cloud/cases/queries'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { receiveBundle, receiveReport } from '@/lib/cloud/ingest/commands'
import { reserveAccount, revenueAccount } from '@/lib/cloud/ledger/accounts'
import { limits } from '@/lib/core/limits'
import { parseMessage } from '@/lib/protocol/message'
import { acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import {
  availableMinor,
  balanceMinor,
  Charger,
  freshSigner,
  openAccount,
  openWorld,
  Phone,
  proof,
} from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const quarantined = async (cloud: Cloud) => {
  const rows = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx
      .selectFrom('quarantine')
      .select(['source', 'what', 'code'])
      .where('tenant', '=', cloud.config.tenant)
      .orderBy('what')
      .orderBy('code')
      .execute(),
  )
  return rows.map(({ source, what, code }) => `${source} ${what} ${code}`)
}

const shapes: unknown[] = [
  undefined,
  null,
  7,
  'chains',
  [],
  {},
  { chains: {} },
  { chains: [null] },
  { chains: [{ grant: 1, authorizations: [], answers: [], receipts: [] }] },
  { chains: [{ grant: 'aa', authorizations: 'aa', answers: [], receipts: [] }] },
  { chains: [{ grant: 'aa', authorizations: [], answers: [{ answer: 'aa' }], receipts: [] }] },
  {
    chains: Array.from({ length: 33 }, () => ({ grant: '', authorizations: [], answers: [], receipts: [] })),
  },
  { chains: [{ grant: 'a'.repeat(9_000), authorizations: [], answers: [], receipts: [] }] },
]

test.each(shapes)('JSON that is no report is refused as malformed: %j', async (shape) => {
  const { cloud } = await openWorld(database)
  expect(await receiveReport(cloud, shape)).toMatchObject({ error: { code: 'api.malformed' } })
})

test('a report of rubbish is refused with a reason and kept aside', async () => {
  const { cloud } = await openWorld(database)
  const rubbish = () => toBase64Url(toBytes(randomBytes(200)))
  const report = { chains: [{ grant: rubbish(), authorizations: [rubbish()], answers: [], receipts: [] }] }
  expect(await receiveReport(cloud, report)).toMatchObject({ error: { code: 'code.damaged' } })
  expect(await quarantined(cloud)).toEqual([
    'stranger authorization code.damaged',
    'stranger grant code.damaged',
  ])
})

test('strangers cannot fill the disk with rubbish', async () => {
  const { cloud } = await openWorld(database)
  const report = () => ({
    chains: Array.from({ length: 16 }, () => ({
      grant: toBase64Url(toBytes(randomBytes(20))),
      authorizations: [],
      answers: [],
      receipts: [],
    })),
  })
  for (let round = 0; round < 40; round += 1) await receiveReport(cloud, report())
  expect((await quarantined(cloud)).length).toBeLessThanOrEqual(500)
})

test('a report with one tampered byte in each signed text proves nothing about money', async () => {
  const { cloud } = await openWorld(database)
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000), 4_000)
  const charger = await Charger.enrolled(cloud)
  const session = await charger.charge(phone, 3_000, 20_000)
  const flip = (bytes: Uint8Array, at: number) => {
    const copy = toBytes(bytes)
    copy[at] = (copy[at] ?? 0) ^ 1
    return copy
  }
  const length = session.authorization.bytes.length
  for (const at of [0, 5, 12, length >> 1, length - 70, length - 1]) {
    const forged = {
      ...session,
      authorization: { ...session.authorization, bytes: flip(session.authorization.bytes, at) },
    }
    const reply = await receiveReport(cloud, phone.report([{ ...forged, receipt: undefined }]))
    expect(expectOk(reply, 'the grant is good').sessions).toEqual([])
  }
  const receipt = session.receipt!
  for (const at of [0, 5, 12, receipt.length >> 1, receipt.length - 70, receipt.length - 1]) {
    expectOk(await receiveReport(cloud, phone.report([{ ...session, receipt: flip(receipt, at) }])), 'report')
  }
  expect(await balanceMinor(cloud, revenueAccount)).toBe(0)
  expect(await availableMinor(cloud, reserveAccount(phone.serial))).toBe(1_000)
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test('another operator’s grant, charger and driver are nobody here', async () => {
  const { cloud } = await openWorld(database)
  const { cloud: elsewhere } = await openWorld(database)
  const phone = await Phone.withGrant(elsewhere, await openAccount(elsewhere, 10_000), 4_000)
  const charger = await Charger.enrolled(elsewhere)
  await charger.charge(phone, 3_000, 20_000)
  expect(await receiveReport(cloud, phone.report())).toMatchObject({ error: { code: 'grant.signature' } })
  expect(await receiveBundle(cloud, await charger.bundle())).toMatchObject({
    error: { code: 'device.unknown' },
  })
  expect((await proof(cloud)).transfers).toBe(0)
})

test('a grant that the issuer signed but the books have lost is kept aside with its evidence', async () => {
  const { cloud } = await openWorld(database)
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000), 4_000)
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 3_000, 20_000)
  const admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  await admin.query('delete from grants where serial = $1', [phone.serial])
  await admin.end()
  expect(await receiveReport(cloud, phone.report())).toMatchObject({ error: { code: 'grant.missing' } })
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  expect(await quarantined(cloud)).toContain('stranger authorization grant.missing')
  expect(await balanceMinor(cloud, revenueAccount)).toBe(0)
})

test('bytes that are no bundle, a cut bundle and a stranger’s bundle are refused with their reasons', async () => {
  const { cloud } = await openWorld(database)
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000), 4_000)
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 3_000, 20_000)
  const bundle = await charger.bundle()
  expect(await receiveBundle(cloud, toBytes([]))).toMatchObject({ error: { code: 'api.malformed' } })
  expect(await receiveBundle(cloud, toBytes(randomBytes(500)))).toMatchObject({
    error: { code: 'api.malformed' },
  })
  expect(await receiveBundle(cloud, bundle.slice(0, -1))).toMatchObject({ error: { code: 'api.malformed' } })
  const forged = await charger.bundle(0, 2, freshSigner())
  expect(await receiveBundle(cloud, forged)).toMatchObject({ error: { code: 'device.checkpoint' } })
  const tampered = toBytes(bundle)
  tampered[tampered.length - 100] = (tampered[tampered.length - 100] ?? 0) ^ 1
  expect((await receiveBundle(cloud, tampered)).ok).toBe(false)
  expect(await balanceMinor(cloud, revenueAccount)).toBe(0)
})

test('events that nobody understands are acknowledged as log and kept aside', async () => {
  const { cloud } = await openWorld(database)
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000), 4_000)
  const charger = await Charger.enrolled(cloud)
  charger.events.push(toBytes([1, 2, 3]))
  await charger.charge(phone, 3_000, 20_000)
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  expect(await balanceMinor(cloud, revenueAccount)).toBe(824)
  expect(await quarantined(cloud)).toEqual(['charger event api.malformed'])
})

const acknowledged = (received: Awaited<ReturnType<typeof receiveBundle>>) => {
  const bytes = fromBase64Url(expectOk(received, 'bundle').acknowledgement)
  return expectOk(parseMessage(acknowledgement, bytes ?? new Uint8Array()), 'acknowledgement').payload
}

const logSize = (cloud: Cloud, device: string) =>
  inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx
      .selectFrom('device_logs')
      .select(['size', 'early_count'])
      .where('device', '=', device)
      .executeTakeFirst(),
  )

test('a piece that overtook another settles at once, is said to be held, and is taken in when the gap is filled', async () => {
  const { cloud } = await openWorld(database)
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000))
  const charger = await Charger.enrolled(cloud)
  for (let index = 0; index < 3; index += 1) await charger.charge(phone, 1_000, 10_000)
  const late = await charger.bundle(4, 6)
  expect(acknowledged(await receiveBundle(cloud, late))).toMatchObject({ size: 0, ranges: [[4, 6]] })
  expect(await balanceMinor(cloud, revenueAccount)).toBe(412)
  expect(acknowledged(await receiveBundle(cloud, late))).toMatchObject({ size: 0, ranges: [[4, 6]] })
  expect(acknowledged(await receiveBundle(cloud, await charger.bundle(2, 4)))).toMatchObject({
    ...{ size: 0, ranges: [[2, 6]] },
  })
  expect(await logSize(cloud, charger.id)).toEqual({ size: 0, early_count: 2 })
  const whole = acknowledged(await receiveBundle(cloud, await charger.bundle(0, 2)))
  expect(whole.size).toBe(6)
  expect(whole.ranges).toBeUndefined()
  expect(await logSize(cloud, charger.id)).toEqual({ size: 6, early_count: 0 })
  expect(await balanceMinor(cloud, revenueAccount)).toBe(3 * 412)
  expect(acknowledged(await receiveBundle(cloud, late))).toMatchObject({ size: 6 })
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test('a session that is cut by the gap settles when its beginning has come', async () => {
  const { cloud } = await openWorld(database)
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000))
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 1_000, 10_000)
  expect(acknowledged(await receiveBundle(cloud, await charger.bundle(1, 2)))).toMatchObject({
    ...{ size: 0, ranges: [[1, 2]] },
  })
  expect(await balanceMinor(cloud, revenueAccount)).toBe(0)
  expect(acknowledged(await receiveBundle(cloud, await charger.bundle(0, 1)))).toMatchObject({ size: 2 })
  expect(await balanceMinor(cloud, revenueAccount)).toBe(412)
})

test('an early piece that turns out to contradict the log is evidence, and the log goes on with what fits', async () => {
  const { cloud } = await openWorld(database)
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000))
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 1_000, 10_000)
  await charger.charge(phone, 1_000, 10_000)
  const honest = charger.events.slice()
  charger.events.splice(0, 1, toBytes([1, 2, 3]))
  const contradicting = await charger.bundle(2, 4)
  expect(acknowledged(await receiveBundle(cloud, contradicting)).ranges).toEqual([[2, 4]])
  charger.events.splice(0, charger.events.length, ...honest)
  expect(acknowledged(await receiveBundle(cloud, await charger.bundle(2, 4))).ranges).toEqual([[2, 4]])
  expect(await logSize(cloud, charger.id)).toMatchObject({ early_count: 2 })
  expect(acknowledged(await receiveBundle(cloud, await charger.bundle(0, 2)))).toMatchObject({ size: 4 })
  expect(await logSize(cloud, charger.id)).toEqual({ size: 4, early_count: 0 })
  expect(await balanceMinor(cloud, revenueAccount)).toBe(824)
  const cases = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx
      .selectFrom('cases')
      .innerJoin('case_evidence', 'case_evidence.case_id', 'cases.case_id')
      .select(['cases.kind', 'case_evidence.bytes'])
      .where('cases.charger_id', '=', charger.id)
      .where('cases.kind', '=', 'device-fork')
      .execute(),
  )
  expect(cases.map(({ bytes }) => toHex(bytes))).toEqual([toHex(contradicting)])
})

test('what is nearest to the gap is kept where not all early pieces have room', async () => {
  const { cloud } = await openWorld(database)
  const charger = await Charger.enrolled(cloud)
  for (let index = 0; index < limits.earlyPiecesMax + 3; index += 1)
    charger.events.push(toBytes([1, index % 200]))
  const sizes = charger.events.length
  for (let from = sizes - 1; from >= 2; from -= 1)
    acknowledged(await receiveBundle(cloud, await charger.bundle(from, from + 1)))
  expect(await logSize(cloud, charger.id)).toEqual({ size: 0, early_count: limits.earlyPiecesMax })
  const beyond = await receiveBundle(cloud, await charger.bundle(sizes - 1, sizes))
  expect(beyond).toMatchObject({ error: { code: 'device.gap', facts: { size: 0 } } })
  expect(acknowledged(await receiveBundle(cloud, await charger.bundle(0, 2))).size).toBe(
    limits.earlyPiecesMax + 2,
  )
})

test('a charger that contradicts its own log is told so, with a case, and its sessions still settle', async () => {
  const { cloud } = await openWorld(database)
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000))
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 1_000, 10_000)
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'first log')
  charger.events.splice(0, 2)
  await charger.charge(phone, 1_000, 10_000)
  const refused = await receiveBundle(cloud, await charger.bundle())
  expect(refused).toMatchObject({ error: { code: 'device.fork', acknowledgement: expect.any(String) } })
  expect(await balanceMinor(cloud, revenueAccount)).toBe(824)
  const open = await inTenant(cloud.db, cloud.config.tenant, (tx) => openCaseCount(tx, cloud.config.tenant))
  expect(open).toBe(1)
})

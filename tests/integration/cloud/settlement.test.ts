import { afterAll, beforeAll, expect, test } from 'vitest'
import { publicKey } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { verifyWithNode } from '@/lib/crypto/node'
import { acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import { openIssued, openTrustList } from '@/lib/protocol/trust'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { receiveBundle, receiveReport } from '@/lib/cloud/ingest/commands'
import {
  cardClearingAccount,
  reserveAccount,
  revenueAccount,
  taxAccount,
  walletAccount,
} from '@/lib/cloud/ledger/accounts'
import { receiptProofOf } from '@/lib/cloud/accounts/receipt-proof'
import { decodeEnvelope } from '@/lib/protocol/envelope'
import { openReceiptProof } from '@/lib/policy/receipt-proof'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { availableMinor, balanceMinor, bytesOf, Charger, openAccount, openWorld, Phone, proof } from './world'
import type { Cloud } from '@/lib/cloud/context'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

/** 20 kWh at 0.49 are 9.80, of which 19/119 is tax: 1.56. */
const energyWh = 20_000
const totalMinor = 980
const taxMinor = 156

async function oneSession() {
  const { cloud } = await openWorld(database)
  const accountId = await openAccount(cloud, 10_000)
  const phone = await Phone.withGrant(cloud, accountId, 4_000)
  const charger = await Charger.enrolled(cloud)
  const session = await charger.charge(phone, 3_000, energyWh)
  return { cloud, accountId, phone, charger, session }
}

/** What every road must come to, to the cent. */
async function expectSettled(cloud: Cloud, accountId: string, serial: Phone['serial']) {
  expect({
    wallet: await balanceMinor(cloud, walletAccount(accountId)),
    reserve: await availableMinor(cloud, reserveAccount(serial)),
    revenue: await balanceMinor(cloud, revenueAccount),
    tax: await balanceMinor(cloud, taxAccount),
    card: await balanceMinor(cloud, cardClearingAccount),
  }).toEqual({
    wallet: 6_000,
    reserve: 4_000 - totalMinor,
    revenue: totalMinor - taxMinor,
    tax: taxMinor,
    card: -10_000,
  })
  expect(await proof(cloud)).toMatchObject({ imbalanceMinor: 0, isProved: true })
}

test('a phone alone settles its session', async () => {
  const { cloud, accountId, phone, session } = await oneSession()
  const reply = expectOk(await receiveReport(cloud, phone.report()), 'report')
  expect(reply.sessions).toEqual([{ sessionId: session.id, state: 'settled', totalMinor }])
  expect(reply.refused).toEqual([])
  await expectSettled(cloud, accountId, phone.serial)
})

test('a charger alone settles the session', async () => {
  const { cloud, accountId, phone, charger } = await oneSession()
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  await expectSettled(cloud, accountId, phone.serial)
})

test('phone first, then charger', async () => {
  const { cloud, accountId, phone, charger } = await oneSession()
  expectOk(await receiveReport(cloud, phone.report()), 'report')
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  await expectSettled(cloud, accountId, phone.serial)
})

test('charger first, then phone', async () => {
  const { cloud, accountId, phone, charger } = await oneSession()
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  expectOk(await receiveReport(cloud, phone.report()), 'report')
  await expectSettled(cloud, accountId, phone.serial)
})

test('everything many times and at once changes nothing more', async () => {
  const { cloud, accountId, phone, charger } = await oneSession()
  const bundles = [await charger.bundle(0, 1), await charger.bundle(0, 2), await charger.bundle(1, 2)]
  const reports = [
    phone.report(),
    phone.report([]),
    { chains: [...phone.report().chains, ...phone.report().chains] },
  ]
  for (let round = 0; round < 3; round += 1) {
    await Promise.all([
      ...bundles.map((bundle) => receiveBundle(cloud, bundle)),
      ...reports.map((report) => receiveReport(cloud, report)),
    ])
  }
  await expectSettled(cloud, accountId, phone.serial)
  // Top-up, reserve, settlement and tax; and a hold with its end where the authorization came alone first.
  expect([4, 5]).toContain((await proof(cloud)).transfers)
})

test('an authorization alone only holds; its receipt releases the rest', async () => {
  const { cloud } = await openWorld(database)
  const accountId = await openAccount(cloud, 10_000)
  const phone = await Phone.withGrant(cloud, accountId, 4_000)
  const charger = await Charger.enrolled(cloud)
  const running = await charger.charge(phone, 3_000, null)
  const reply = expectOk(await receiveReport(cloud, phone.report()), 'report')
  expect(reply.sessions).toEqual([{ sessionId: running.id, state: 'seen', totalMinor: null }])
  expect(await availableMinor(cloud, reserveAccount(phone.serial))).toBe(1_000)
  charger.end(running.id, (await charger.receipt(running.id, running.offer, 3_000, energyWh)).bytes)
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  await expectSettled(cloud, accountId, phone.serial)
})

test('a signed decline gives the hold back, whoever brings it', async () => {
  for (const road of ['phone', 'charger'] as const) {
    const { cloud } = await openWorld(database)
    const accountId = await openAccount(cloud, 5_000)
    const phone = await Phone.withGrant(cloud, accountId, 4_000)
    const charger = await Charger.enrolled(cloud)
    await charger.decline(phone, 3_000)
    if (road === 'phone') expectOk(await receiveReport(cloud, phone.report()), 'report')
    else expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
    expect(await availableMinor(cloud, reserveAccount(phone.serial))).toBe(4_000)
    expect(await proof(cloud)).toMatchObject({ isProved: true })
  }
})

test('a session of zero energy costs nothing', async () => {
  const { cloud } = await openWorld(database)
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 5_000), 4_000)
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 3_000, 0)
  const reply = expectOk(await receiveReport(cloud, phone.report()), 'report')
  expect(reply.sessions[0]).toMatchObject({ state: 'settled', totalMinor: 0 })
  expect(await availableMinor(cloud, reserveAccount(phone.serial))).toBe(4_000)
})

test('the acknowledgements are the issuer’s word about what is committed', async () => {
  const { cloud, phone, charger } = await oneSession()
  const reply = expectOk(await receiveReport(cloud, phone.report()), 'report')
  const synced = expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  const trust = await currentTrust(cloud)
  const list = openTrustList(bytesOf(trust.trustList), publicKey(trust.root), verifyWithNode)!
  const open = (text: string) =>
    openIssued(acknowledgement, bytesOf(text), list.payload, cloud.clock.nowS(), verifyWithNode)?.payload
  expect(open(reply.acknowledgements[0]!)).toMatchObject({ device: phone.serial, size: 1 })
  expect(open(synced.acknowledgement)).toMatchObject({ device: charger.id, epoch: 1, size: 2 })
})

test('a chain is acknowledged up to its first gap', async () => {
  const { cloud } = await openWorld(database)
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000))
  const charger = await Charger.enrolled(cloud)
  const sessions = [
    await charger.charge(phone, 1_000, 1_000),
    await charger.charge(phone, 1_000, 1_000),
    await charger.charge(phone, 1_000, 1_000),
  ]
  const sizeAfter = async (...indexes: number[]) => {
    const reply = await receiveReport(cloud, phone.report(indexes.map((index) => sessions[index]!)))
    const trust = await currentTrust(cloud)
    const list = openTrustList(bytesOf(trust.trustList), publicKey(trust.root), verifyWithNode)!
    const bytes = bytesOf(expectOk(reply, 'report').acknowledgements[0]!)
    return openIssued(acknowledgement, bytes, list.payload, undefined, verifyWithNode)?.payload.size
  }
  expect(await sizeAfter(0, 2)).toBe(1)
  expect(await sizeAfter(1)).toBe(3)
})

test.each(['phone', 'charger'] as const)(
  'a phone that lost its receipt gets it back as it was signed, known from the %s alone, and nobody else does',
  async (road) => {
    const { cloud, accountId, phone, charger, session } = await oneSession()
    const stranger = await openAccount(cloud, 0)
    expect(await receiptProofOf(cloud, accountId, session.id)).toMatchObject({
      error: { code: 'api.not-found' },
    })
    if (road === 'phone') expectOk(await receiveReport(cloud, phone.report()), 'report')
    else expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
    const { proof: text } = expectOk(await receiptProofOf(cloud, accountId, session.id), 'the receipt')
    const opened = expectOk(
      openReceiptProof(expectOk(decodeEnvelope(bytesOf(text)), 'an envelope')),
      'a receipt that anybody can read',
    )
    expect(opened.receipt.payload).toMatchObject({ totalMinor })
    expect(opened.authorization.payload.holdMinor).toBe(3_000)
    expect(await receiptProofOf(cloud, stranger, session.id)).toMatchObject({
      error: { code: 'api.not-found' },
    })
  },
)

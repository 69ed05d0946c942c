import { afterAll, beforeAll, expect, test } from 'vitest'
import { currencyCode } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { minorUnits, wattHours } from '@/lib/core/units'
import { openCasesOf } from '@/lib/cloud/cases/queries'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { receiveBundle, receiveReport, releaseDueReserves } from '@/lib/cloud/ingest/commands'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import {
  receivableAccount,
  reserveAccount,
  revenueAccount,
  taxAccount,
  walletAccount,
} from '@/lib/cloud/ledger/accounts'
import { parseMessage } from '@/lib/protocol/message'
import { revocations } from '@/lib/protocol/messages/revocations'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import {
  availableMinor,
  balanceMinor,
  bytesOf,
  Charger,
  openAccount,
  openWorld,
  payIn,
  Phone,
  proof,
  type TestSession,
} from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const cases = async (cloud: Cloud) =>
  (await inTenant(cloud.db, cloud.config.tenant, (tx) => openCasesOf(tx, cloud.config.tenant)))
    .map(({ kind }) => kind)
    .sort()

const income = async (cloud: Cloud) =>
  (await balanceMinor(cloud, revenueAccount)) + (await balanceMinor(cloud, taxAccount))

/** Runs `bring` for both orders of two pieces of news, each in a world of its own, and gives the figures of both. */
async function inBothOrders<T>(
  tell: () => Promise<{ news: [() => Promise<unknown>, () => Promise<unknown>]; figures: () => Promise<T> }>,
): Promise<[T, T]> {
  const forwards = await tell()
  await forwards.news[0]()
  await forwards.news[1]()
  const backwards = await tell()
  await backwards.news[1]()
  await backwards.news[0]()
  return [await forwards.figures(), await backwards.figures()]
}

test('a wallet that spends twice at two chargers owes the difference, whoever reports first', async () => {
  const [first, second] = await inBothOrders(async () => {
    const { cloud } = await openWorld(database)
    const accountId = await openAccount(cloud, 5_500)
    const phone = await Phone.withGrant(cloud, accountId, 5_000)
    const clone = phone.clone()
    const here = await Charger.enrolled(cloud)
    const there = await Charger.enrolled(cloud)
    // 60 kWh each: 29.40 twice against a reserve of 50.00 and a balance of 5.00.
    await here.charge(phone, 4_000, 60_000)
    await there.charge(clone, 4_000, 60_000)
    return {
      news: [
        async () => expectOk(await receiveBundle(cloud, await here.bundle()), 'here'),
        async () => expectOk(await receiveBundle(cloud, await there.bundle()), 'there'),
      ],
      figures: async () => ({
        wallet: await balanceMinor(cloud, walletAccount(accountId)),
        reserve: await availableMinor(cloud, reserveAccount(phone.serial)),
        owed: await balanceMinor(cloud, receivableAccount(walletAccount(accountId))),
        income: await income(cloud),
        cases: await cases(cloud),
        proof: (await proof(cloud)).isProved,
      }),
    }
  })
  expect(first).toEqual({
    wallet: 0,
    reserve: 0,
    owed: -380,
    income: 5_880,
    cases: ['beyond-reserve', 'fork', 'fork'],
    proof: true,
  })
  expect(second).toEqual(first)
})

test('a fork freezes the grant: its serial is among the revocations', async () => {
  const { cloud } = await openWorld(database)
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000))
  const clone = phone.clone()
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 1_000, 1_000)
  await charger.charge(clone, 1_000, 1_000)
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  const list = parseMessage(revocations, bytesOf((await currentTrust(cloud)).revocations))
  expect(list).toMatchObject({ value: { payload: { epoch: 1, serials: [phone.serial] } } })
})

test('new credit pays what is owed before it can be spent', async () => {
  const { cloud } = await openWorld(database)
  const accountId = await openAccount(cloud, 3_000)
  const phone = await Phone.withGrant(cloud, accountId, 3_000)
  const clone = phone.clone()
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 3_000, 60_000)
  await charger.charge(clone, 3_000, 60_000)
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  const owner = walletAccount(accountId)
  expect(await balanceMinor(cloud, receivableAccount(owner))).toBe(-2_880)
  await payIn(cloud, accountId, 2_000)
  expect([await balanceMinor(cloud, owner), await balanceMinor(cloud, receivableAccount(owner))]).toEqual([
    0, -880,
  ])
  await payIn(cloud, accountId, 2_000)
  expect([await balanceMinor(cloud, owner), await balanceMinor(cloud, receivableAccount(owner))]).toEqual([
    1_120, 0,
  ])
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test('of two receipts for one session the lower is posted and the difference stays pending, in both orders', async () => {
  const [first, second] = await inBothOrders(async () => {
    const { cloud } = await openWorld(database)
    const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000), 4_000)
    const charger = await Charger.enrolled(cloud)
    const session = await charger.charge(phone, 3_000, 40_000)
    const other = await charger.receipt(session.id, session.offer, 3_000, 20_000)
    const withReceipt = (receipt: TestSession['receipt']) => phone.report([{ ...session, receipt }])
    return {
      news: [
        async () => expectOk(await receiveReport(cloud, withReceipt(session.receipt)), 'higher'),
        async () => expectOk(await receiveReport(cloud, withReceipt(other.bytes)), 'lower'),
      ],
      figures: async () => ({
        reserve: await balanceMinor(cloud, reserveAccount(phone.serial)),
        available: await availableMinor(cloud, reserveAccount(phone.serial)),
        revenue: await balanceMinor(cloud, revenueAccount),
        tax: await balanceMinor(cloud, taxAccount),
        cases: await cases(cloud),
        proof: (await proof(cloud)).isProved,
      }),
    }
  })
  expect(first).toEqual({
    reserve: 4_000 - 980,
    available: 4_000 - 1_960,
    revenue: 824,
    tax: 156,
    cases: ['two-finals'],
    proof: true,
  })
  expect(second).toEqual(first)
})

test('a lower receipt gives back what a double spend had taken from the balance', async () => {
  const { cloud } = await openWorld(database)
  const accountId = await openAccount(cloud, 4_000)
  const phone = await Phone.withGrant(cloud, accountId, 3_000)
  const clone = phone.clone()
  const charger = await Charger.enrolled(cloud)
  const session = await charger.charge(phone, 3_000, 60_000)
  await charger.charge(clone, 3_000, 60_000)
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  const owner = walletAccount(accountId)
  expect([await balanceMinor(cloud, owner), await balanceMinor(cloud, receivableAccount(owner))]).toEqual([
    0, -1_880,
  ])
  const lower = await charger.receipt(session.id, session.offer, 3_000, 10_000)
  expectOk(await receiveReport(cloud, phone.report([{ ...session, receipt: lower.bytes }])), 'report')
  // 29.40 + 4.90 against a reserve of 30.00: 4.30 too much, paid from the balance of 10.00.
  expect(await balanceMinor(cloud, receivableAccount(owner))).toBe(0)
  expect(await balanceMinor(cloud, owner)).toBe(570)
  expect(await balanceMinor(cloud, reserveAccount(phone.serial))).toBe(0)
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test('a receipt over the hold is posted up to the hold, with a case', async () => {
  const { cloud } = await openWorld(database)
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000), 6_000)
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 2_000, 100_000, { totalMinor: minorUnits(4_900) })
  const reply = expectOk(await receiveReport(cloud, phone.report()), 'report')
  expect(reply.sessions[0]).toMatchObject({ state: 'case', totalMinor: 2_000 })
  expect(await income(cloud)).toBe(2_000)
  expect(await cases(cloud)).toEqual(['exceeds-hold'])
})

test('a charger that bills more than meter and tariff give gets only what they give', async () => {
  const { cloud } = await openWorld(database)
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000), 6_000)
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 3_000, 20_000, { totalMinor: minorUnits(1_500) })
  expectOk(await receiveReport(cloud, phone.report()), 'report')
  expect(await income(cloud)).toBe(980)
  expect(await availableMinor(cloud, reserveAccount(phone.serial))).toBe(6_000 - 1_500)
  expect(await cases(cloud)).toEqual(['amount'])
})

test('a receipt whose meter ran backwards costs nothing until somebody has looked', async () => {
  const { cloud } = await openWorld(database)
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000), 6_000)
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 3_000, 20_000, { meterStopWh: wattHours(1) })
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  expect(await income(cloud)).toBe(0)
  expect(await availableMinor(cloud, reserveAccount(phone.serial))).toBe(6_000 - 980)
  expect(await cases(cloud)).toEqual(['amount'])
})

test('a receipt in another currency costs nothing until somebody has looked', async () => {
  const { cloud } = await openWorld(database)
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000), 6_000)
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 3_000, 20_000, { currency: currencyCode('GBP') })
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  expect(await income(cloud)).toBe(0)
  expect(await cases(cloud)).toEqual(['currency'])
})

test('a decline and a receipt of one session contradict each other: nothing is posted yet', async () => {
  const { cloud } = await openWorld(database)
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000), 6_000)
  const charger = await Charger.enrolled(cloud)
  const session = await charger.charge(phone, 3_000, 20_000)
  const declined = {
    ...session,
    answer: await charger.answer(session.id, 'charger.busy'),
    receipt: undefined,
  }
  expectOk(await receiveReport(cloud, phone.report([declined])), 'report')
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  expect(await income(cloud)).toBe(0)
  expect(await availableMinor(cloud, reserveAccount(phone.serial))).toBe(6_000 - 980)
  expect(await cases(cloud)).toEqual(['two-finals'])
})

test('another charger can neither bill a session nor give its hold back', async () => {
  const { cloud } = await openWorld(database)
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000), 6_000)
  const charger = await Charger.enrolled(cloud)
  const stranger = await Charger.enrolled(cloud)
  const session = await charger.charge(phone, 3_000, null)
  const itsOffer = await stranger.offer()
  const bill = await stranger.receipt(session.id, itsOffer, 3_000, 60_000)
  const foreign = { ...session, charger: stranger, offer: itsOffer }
  const answer = await stranger.answer(session.id, 'charger.busy')
  expectOk(await receiveReport(cloud, phone.report([{ ...foreign, answer, receipt: bill.bytes }])), 'report')
  expect(await income(cloud)).toBe(0)
  expect(await availableMinor(cloud, reserveAccount(phone.serial))).toBe(3_000)
  expect(await cases(cloud)).toEqual(['foreign-charger'])
})

test('a charger’s word without the driver’s consent posts nothing, and counts once the consent arrives', async () => {
  const { cloud } = await openWorld(database)
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000), 6_000)
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 3_000, 20_000)
  const [chain] = phone.report().chains
  expectOk(await receiveReport(cloud, { chains: [{ ...chain!, authorizations: [] }] }), 'report')
  expect(await income(cloud)).toBe(0)
  expectOk(await receiveReport(cloud, { chains: [{ ...chain!, answers: [], receipts: [] }] }), 'report')
  expect(await income(cloud)).toBe(980)
})

test('thirty days after its end a grant gives back what is left, and a late receipt still settles', async () => {
  const { cloud, pass } = await openWorld(database)
  const accountId = await openAccount(cloud, 5_000)
  const phone = await Phone.withGrant(cloud, accountId, 5_000)
  const charger = await Charger.enrolled(cloud)
  const session = await charger.charge(phone, 3_000, null)
  expectOk(await receiveReport(cloud, phone.report()), 'report')
  const owner = walletAccount(accountId)
  pass(36 * 86_400)
  expect(await releaseDueReserves(cloud)).toBe(0)
  pass(2 * 86_400)
  expect(await releaseDueReserves(cloud)).toBe(1)
  expect(await releaseDueReserves(cloud)).toBe(0)
  expect([
    await balanceMinor(cloud, owner),
    await availableMinor(cloud, reserveAccount(phone.serial)),
  ]).toEqual([5_000, 0])
  const receipt = await charger.receipt(session.id, session.offer, 3_000, 20_000)
  charger.end(session.id, receipt.bytes)
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  expect(await balanceMinor(cloud, owner)).toBe(5_000 - 980)
  expect(await income(cloud)).toBe(980)
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { grantSerial } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { envelopeFromText, envelopeToText } from '@/lib/protocol/envelope'
import { parseMessage } from '@/lib/protocol/message'
import { revocations } from '@/lib/protocol/messages/revocations'
import { voucher } from '@/lib/protocol/messages/voucher'
import { inTenant } from '@/lib/cloud/database/connection'
import { releaseDueReserves } from '@/lib/cloud/ingest/commands'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { vouchersByHash, vouchersBySerial, type VoucherOrder } from '@/lib/cloud/issuance/vouchers'
import { reserveAccount, walletAccount } from '@/lib/cloud/ledger/accounts'
import { issueVouchers, revokeSerial } from '@/lib/cloud/operator/commands'
import { refundCard } from '@/lib/cloud/operator/refund-card'
import { vouchersOfBatch } from '@/lib/cloud/operator/queries'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { balanceMinor, bytesOf, Charger, openAccount, openWorld, proof } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

async function operator(creditMinor = 10_000) {
  const { cloud, pass } = await openWorld(database)
  await Charger.enrolled(cloud)
  const owner = walletAccount(await openAccount(cloud, creditMinor))
  const order: VoucherOrder = {
    batch: 'visitors',
    count: 3,
    owner,
    capMinor: 1_500,
    sites: ['kinross'],
    days: 90,
    bearer: 'printed',
    author: 'operator',
  }
  return { cloud, pass, owner, order }
}

test('each card of a batch has its credit set aside, and makes a code that a phone-less visitor can show', async () => {
  const { cloud, owner, order } = await operator()
  const cards = expectOk(await issueVouchers(cloud, order), 'cards')
  expect(await balanceMinor(cloud, owner)).toBe(10_000 - 3 * 1_500)
  expect(await balanceMinor(cloud, reserveAccount(cards[0]!.serial))).toBe(1_500)
  const text = envelopeToText({ kind: 'voucher', parts: [cards[0]!.bytes] })
  const shown = expectOk(envelopeFromText(text), 'code')
  expect(expectOk(parseMessage(voucher, shown.parts[0]!), 'voucher').payload).toMatchObject({
    serial: cards[0]!.serial,
    capMinor: 1_500,
    sites: ['kinross'],
    bearer: 'printed',
    notAfterS: cloud.clock.nowS() + 90 * 86_400,
  })
  expect(await proof(cloud)).toMatchObject({ isProved: true })
})

test('a batch that is asked for twice, even at once, is made once and can be printed again', async () => {
  const { cloud, owner, order } = await operator()
  const [first, second] = await Promise.all([issueVouchers(cloud, order), issueVouchers(cloud, order)])
  expect(expectOk(second, 'second')).toEqual(expectOk(first, 'first'))
  expect(await vouchersOfBatch(cloud, 'visitors')).toEqual(expectOk(first, 'first'))
  expect(await balanceMinor(cloud, owner)).toBe(10_000 - 3 * 1_500)
})

test('no card is issued beyond the credit, the small cap, or for nowhere', async () => {
  const { cloud, owner, order } = await operator(4_000)
  const refused = async (change: Partial<VoucherOrder>) => {
    const issued = await issueVouchers(cloud, { ...order, ...change })
    return issued.ok ? 'issued' : issued.error.code
  }
  expect(await refused({})).toBe('account.insufficient-funds')
  expect(await refused({ capMinor: 1_501 })).toBe('account.amount')
  expect(await refused({ capMinor: 0 })).toBe('account.amount')
  expect(await refused({ count: 201 })).toBe('account.amount')
  expect(await refused({ days: 1_000 })).toBe('account.amount')
  expect(await refused({ sites: [] })).toBe('voucher.site')
  expect(await refused({ sites: ['nowhere'] })).toBe('voucher.site')
  expect(await balanceMinor(cloud, owner)).toBe(4_000)
  expect(await vouchersOfBatch(cloud, 'visitors')).toEqual([])
})

test('reconciliation finds a card by its serial and by the hash that chargers name', async () => {
  const { cloud, owner, order } = await operator()
  const [card] = expectOk(await issueVouchers(cloud, order), 'cards')
  const { tenant } = cloud.config
  const { hash } = expectOk(parseMessage(voucher, card!.bytes), 'voucher')
  const known = { serial: card!.serial, hash, owner, currency: 'EUR', capMinor: 1_500 }
  await inTenant(cloud.db, tenant, async (tx) => {
    expect(await vouchersBySerial(tx, tenant, [card!.serial])).toMatchObject([known])
    expect(await vouchersByHash(tx, tenant, [hash])).toMatchObject([known])
    expect(await vouchersByHash(tx, tenant, [])).toEqual([])
  })
})

test('a revoked card is on the list, and its credit comes back when its holds have run out', async () => {
  const { cloud, pass, owner, order } = await operator()
  const [card] = expectOk(await issueVouchers(cloud, { ...order, count: 1 }), 'cards')
  const revoked = await revokeSerial(cloud, { serial: card!.serial, author: 'operator' })
  expect(revoked).toEqual({ ok: true, value: { revocationEpoch: 1, waiting: 0 } })
  const list = parseMessage(revocations, bytesOf((await currentTrust(cloud)).revocations))
  expect(expectOk(list, 'list').payload.serials).toEqual([card!.serial])
  pass(100 * 86_400)
  await releaseDueReserves(cloud)
  expect(await balanceMinor(cloud, owner)).toBe(8_500)
  pass(21 * 86_400)
  await releaseDueReserves(cloud)
  expect(await balanceMinor(cloud, owner)).toBe(10_000)
})

test('a card that is taken back for its money is blocked at once, and returns it in three weeks, once', async () => {
  const { cloud, pass, owner, order } = await operator()
  const [card] = expectOk(await issueVouchers(cloud, { ...order, count: 1 }), 'cards')
  const { serial } = card!
  for (let times = 0; times < 2; times += 1) {
    expectOk(await refundCard(cloud, { serial, author: 'operator' }), 'refunded')
    const list = parseMessage(revocations, bytesOf((await currentTrust(cloud)).revocations))
    expect(expectOk(list, 'list').payload.serials).toEqual([serial])
  }
  pass(20 * 86_400)
  await releaseDueReserves(cloud)
  expect(await balanceMinor(cloud, owner)).toBe(8_500)
  // Asked again a day before, it comes no later.
  expectOk(await refundCard(cloud, { serial, author: 'operator' }), 'refunded')
  pass(86_401)
  for (let times = 0; times < 2; times += 1) await releaseDueReserves(cloud)
  expect(await balanceMinor(cloud, owner)).toBe(10_000)
  const unknown = await refundCard(cloud, { serial: grantSerial('f'.repeat(16)), author: 'operator' })
  expect(unknown).toMatchObject({ error: { code: 'grant.missing' } })
})

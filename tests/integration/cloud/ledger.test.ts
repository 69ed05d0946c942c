import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EUR } from '@/lib/core/currency'
import { grantSerial, operatorId, type OperatorId } from '@/lib/core/ids'
import { minorUnits } from '@/lib/core/units'
import { arrayOf } from '@/lib/cloud/database/array-literal'
import { inTenant, transact } from '@/lib/cloud/database/connection'
import {
  cardClearingAccount,
  receivableAccount,
  reserveAccount,
  revenueAccount,
  taxAccount,
  walletAccount,
} from '@/lib/cloud/ledger/accounts'
import { postTransfers } from '@/lib/cloud/ledger/commands'
import { balanceOf, proveLedger, statementOf } from '@/lib/cloud/ledger/queries'
import type { Transfer, TransferKind } from '@/lib/cloud/ledger/transfer'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { NaiveLedger } from '@/tests/fixtures/naive-ledger'

let database: TestDatabase
let tenantCount = 0

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const freshTenant = (): OperatorId => operatorId(`t${(tenantCount += 1)}`)

const wallet = walletAccount('anna')
const reserves = ['0000000000000001', '0000000000000002'].map((serial) => reserveAccount(grantSerial(serial)))
const reserve = reserves[0]!
const base = { currency: EUR, reason: 'test', author: 'test' }

const topUp = (reference: string, amount: number): Transfer => ({
  ...base,
  reference,
  kind: 'top-up',
  effect: 'post',
  debit: cardClearingAccount,
  credit: wallet,
  amountMinor: minorUnits(amount),
})
const reserveCredit = (reference: string, amount: number): Transfer => ({
  ...base,
  reference,
  kind: 'reserve',
  effect: 'post',
  debit: wallet,
  credit: reserve,
  amountMinor: minorUnits(amount),
})
const hold = (reference: string, amount: number): Transfer => ({
  ...base,
  reference,
  kind: 'hold',
  effect: 'pend',
  debit: reserve,
  credit: revenueAccount,
  amountMinor: minorUnits(amount),
})
const settle = (reference: string, amount: number): Transfer => ({
  ...base,
  reference,
  kind: 'settle',
  effect: 'post-pending',
  resolves: { reference, kind: 'hold' },
  debit: reserve,
  credit: revenueAccount,
  amountMinor: minorUnits(amount),
})

const post = (tenant: OperatorId, batch: readonly Transfer[], db = database.db) =>
  transact(db, tenant, (tx) => postTransfers(tx, tenant, batch))
const balance = (tenant: OperatorId, account = wallet as Parameters<typeof balanceOf>[2]) =>
  inTenant(database.db, tenant, (tx) => balanceOf(tx, tenant, account, EUR))
const prove = (tenant: OperatorId) => inTenant(database.db, tenant, (tx) => proveLedger(tx, tenant))

test('a session moves from top-up over reserve and hold to revenue, and the books add up', async () => {
  const tenant = freshTenant()
  const tax: Transfer = {
    ...settle('s1', 200),
    kind: 'settle-tax',
    effect: 'post',
    credit: taxAccount,
  } as Transfer
  const { resolves: _none, ...taxPosting } = tax as Transfer & { resolves?: unknown }
  const outcome = await post(tenant, [
    topUp('t1', 5_000),
    reserveCredit('g1', 4_000),
    hold('s1', 3_000),
    settle('s1', 1_041),
    taxPosting as Transfer,
  ])
  expect(outcome).toEqual({ ok: true, value: ['posted', 'posted', 'posted', 'posted', 'posted'] })
  expect(await balance(tenant)).toEqual({ postedMinor: 1_000, pendingMinor: 0, availableMinor: 1_000 })
  expect(await balance(tenant, reserve)).toEqual({
    postedMinor: 2_759,
    pendingMinor: 0,
    availableMinor: 2_759,
  })
  expect(await prove(tenant)).toMatchObject({ transfers: 5, imbalanceMinor: 0, isProved: true })
  const lines = await inTenant(database.db, tenant, (tx) => statementOf(tx, tenant, wallet, EUR))
  expect(lines.map(({ kind, amountMinor }) => [kind, amountMinor])).toContainEqual(['reserve', -4_000])
})

test('the same transfer posted at once by two connections posts once', async () => {
  const tenant = freshTenant()
  const others = [database.openAnother(), database.openAnother()]
  await post(tenant, [topUp('t1', 9_000)])
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, index) => post(tenant, [reserveCredit('g1', 3_000)], others[index % 2])),
  )
  const words = outcomes.map((outcome) => (outcome.ok ? outcome.value[0] : outcome.error.kind))
  expect(words.filter((word) => word === 'posted')).toHaveLength(1)
  expect(words.filter((word) => word === 'duplicate')).toHaveLength(19)
  expect((await balance(tenant)).postedMinor).toBe(6_000)
})

test('two reservations at once never spend the same credit', async () => {
  const tenant = freshTenant()
  await post(tenant, [topUp('t1', 5_000)])
  const outcomes = await Promise.all(
    ['a', 'b', 'c'].map((name) => post(tenant, [reserveCredit(name, 2_000)])),
  )
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(2)
  const refused = outcomes.find((outcome) => !outcome.ok)
  expect(refused).toMatchObject({ error: { kind: 'insufficient', account: wallet } })
  expect((await balance(tenant)).postedMinor).toBe(1_000)
})

test('batches that touch the same accounts in other orders do not wait for each other for ever', async () => {
  const tenant = freshTenant()
  const batches = Array.from({ length: 24 }, (_, batch) =>
    Array.from({ length: 12 }, (_, index) =>
      (batch + index) % 2 === 0
        ? topUp(`a${batch}-${index}`, 5)
        : { ...topUp(`b${batch}-${index}`, 7), credit: reserves[index % 2]! },
    ),
  )
  const outcomes = await Promise.all(batches.map((batch) => post(tenant, batch)))
  expect(outcomes.every(({ ok }) => ok)).toBe(true)
  expect(await prove(tenant)).toMatchObject({ transfers: 288, isProved: true })
})

test('what many batches at once add to accounts without a bound is all there', async () => {
  const tenant = freshTenant()
  await post(
    tenant,
    reserves.map((credit, index) => ({ ...topUp(`c${index}`, 5_000), credit })),
  )
  const batches = Array.from({ length: 16 }, (_, index) => {
    const move = {
      ...topUp(`s${index}`, 3),
      debit: reserves[index % 2]!,
      credit: revenueAccount,
      kind: 'settle',
    } as const
    const tax = { ...move, kind: 'settle-tax', credit: taxAccount, amountMinor: minorUnits(2) } as const
    return index % 3 === 0 ? [tax, move] : [move, tax]
  })
  await Promise.all(batches.map((batch) => post(tenant, batch)))
  expect(await balance(tenant, revenueAccount)).toMatchObject({ postedMinor: 48 })
  expect(await balance(tenant, taxAccount)).toMatchObject({ postedMinor: 32 })
  expect(await prove(tenant)).toMatchObject({ transfers: 34, isProved: true })
})

test('a promise is resolved after it was made, not before, within a batch too', async () => {
  const tenant = freshTenant()
  const credit = [topUp('t1', 400), reserveCredit('g1', 300)]
  const early = await post(tenant, [...credit, settle('s1', 100), hold('s1', 150)])
  expect(early).toMatchObject({ ok: false, error: { kind: 'no-pending' } })
  expect(await post(tenant, [...credit, hold('s1', 150), settle('s1', 100)])).toMatchObject({ ok: true })
})

test('a refused batch leaves nothing behind', async () => {
  const tenant = freshTenant()
  expect(await post(tenant, [topUp('t1', 100), reserveCredit('g1', 200)])).toMatchObject({ ok: false })
  expect(await prove(tenant)).toMatchObject({ transfers: 0, accounts: 0 })
})

test('of a batch that is known in part the rest is written, and what its transaction wrote before stays', async () => {
  const tenant = freshTenant()
  await post(tenant, [topUp('t1', 100)])
  await inTenant(database.db, tenant, async (tx) => {
    expect(await postTransfers(tx, tenant, [topUp('t2', 50)])).toMatchObject({ value: ['posted'] })
    const mixed = await postTransfers(tx, tenant, [topUp('t1', 100), topUp('t3', 30)])
    expect(mixed).toMatchObject({ value: ['duplicate', 'posted'] })
  })
  expect(await prove(tenant)).toMatchObject({ transfers: 3, isProved: true })
  expect(await inTenant(database.db, tenant, (tx) => balanceOf(tx, tenant, wallet, EUR))).toMatchObject({
    postedMinor: 180,
  })
})

test('the application may neither change nor delete a transfer', async () => {
  const tenant = freshTenant()
  await post(tenant, [topUp('t1', 100)])
  const attempts = [
    sql`update ledger_transfers set amount_minor = 1`,
    sql`delete from ledger_transfers`,
    sql`truncate ledger_transfers`,
    sql`delete from ledger_accounts`,
  ]
  for (const attempt of attempts) {
    await expect(inTenant(database.db, tenant, (tx) => attempt.execute(tx))).rejects.toThrow(
      /permission denied/,
    )
  }
})

test('a transaction sees the rows of its own tenant alone', async () => {
  const tenant = freshTenant()
  const other = freshTenant()
  await post(tenant, [topUp('t1', 100)])
  const seen = await inTenant(database.db, other, (tx) =>
    tx.selectFrom('ledger_transfers').selectAll().execute(),
  )
  expect(seen).toEqual([])
  await expect(
    inTenant(database.db, other, (tx) => postTransfers(tx, tenant, [topUp('t2', 100)])),
  ).rejects.toThrow(/row-level security/)
})

const kinds: TransferKind[] = ['top-up', 'reserve', 'hold', 'settle', 'void', 'release', 'cover-receivable']
const accounts = [
  wallet,
  ...reserves,
  receivableAccount(wallet),
  revenueAccount,
  taxAccount,
  cardClearingAccount,
]

/** Few references and few amounts, so that repeats, contradictions and double resolutions are common. */
const anyTransfer: fc.Arbitrary<Transfer> = fc
  .record({
    reference: fc.constantFrom('r1', 'r2', 'r3'),
    kind: fc.constantFrom(...kinds),
    debit: fc.constantFrom(...accounts),
    credit: fc.constantFrom(...accounts),
    amount: fc.constantFrom(100, 250, 400),
    effect: fc.constantFrom('post', 'post', 'pend', 'post-pending', 'void-pending'),
    resolves: fc.record({ reference: fc.constantFrom('r1', 'r2', 'r3'), kind: fc.constantFrom(...kinds) }),
  })
  .filter(({ debit, credit }) => debit !== credit)
  .map(({ amount, effect, resolves, ...rest }) => {
    const common = { ...base, ...rest, amountMinor: minorUnits(amount) }
    return effect === 'post' || effect === 'pend' ? { ...common, effect } : { ...common, effect, resolves }
  })

const plausible: fc.Arbitrary<Transfer> = fc.oneof(
  fc
    .tuple(fc.constantFrom('t1', 't2', 't3'), fc.constantFrom(400, 900))
    .map(([name, amount]) => topUp(name, amount)),
  fc
    .tuple(fc.constantFrom('g1', 'g2'), fc.constantFrom(300, 400))
    .map(([name, amount]) => reserveCredit(name, amount)),
  fc
    .tuple(fc.constantFrom('s1', 's2', 's3'), fc.constantFrom(150, 300))
    .map(([name, amount]) => hold(name, amount)),
  fc
    .tuple(fc.constantFrom('s1', 's2', 's3'), fc.constantFrom(100, 300))
    .map(([name, amount]) => settle(name, amount)),
  anyTransfer,
)

test('any sequence of batches gives the outcomes and balances of a naive ledger', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(plausible, { minLength: 1, maxLength: 4 }), { maxLength: 12 }),
      async (batches) => {
        const tenant = freshTenant()
        const naive = new NaiveLedger()
        for (const batch of batches) {
          const outcome = await post(tenant, batch)
          const expected = naive.post(batch)
          expect(outcome.ok).toBe(Array.isArray(expected))
          if (outcome.ok) expect(outcome.value).toEqual(expected)
        }
        for (const account of naive.accounts()) {
          const { postedMinor, pendingMinor } = await balance(tenant, account)
          expect([account, postedMinor, pendingMinor]).toEqual([
            account,
            naive.posted(account),
            naive.pending(account),
          ])
        }
        expect(await prove(tenant)).toMatchObject({ imbalanceMinor: 0, isProved: true })
      },
    ),
    { numRuns: 60 },
  )
})

test('arrays arrive at the database as they were, whatever is in their texts', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }).filter((value) => !/[\0\p{Cs}]/u.test(value)),
    fc.constantFrom('', 'null', 'NULL', ',', '{}', '"', '\\', ' ', 'wallet:anna', 'KIN-1 1 5,KIN-1 1 6'),
  )
  const rows = fc.array(fc.option(text), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(rows, async (values) => {
      const { rows: got } = await sql<{ texts: unknown }>`
        select ${arrayOf(values)}::text[] as texts`.execute(database.db)
      expect(got[0]?.texts).toEqual(values)
    }),
    { numRuns: 150 },
  )
})

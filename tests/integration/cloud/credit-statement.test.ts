/** Statements foot to the books: whatever moved, opening balance and lines make the closing balance. */

import pg from 'pg'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { GrantSerial } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { setCreditLine } from '@/lib/cloud/credit/credit-line'
import { statementOfMonth, type Statement } from '@/lib/cloud/credit/statement'
import { addUpMonths } from '@/lib/cloud/credit/statement-months'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { freshSerial, reserveCredit } from '@/lib/cloud/issuance/grant-books'
import {
  bankClearingAccount,
  fleetAccount,
  goodwillAccount,
  receivableAccount,
  reserveAccount,
  revenueAccount,
  taxAccount,
  type LedgerAccount,
} from '@/lib/cloud/ledger/accounts'
import { postTransfers } from '@/lib/cloud/ledger/commands'
import type { TransferKind } from '@/lib/cloud/ledger/transfer'
import { demo, seedDemo } from '@/lib/cloud/operator/seed-demo'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { openWorld, proof, startS } from './world'

let database: TestDatabase
let admin: pg.Client

beforeAll(async () => {
  database = await openTestDatabase()
  admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
})
afterAll(async () => {
  await admin.end()
  await database.close()
})

const { fleetId } = demo
const fleet = fleetAccount(fleetId)
const author = 'test'
const months = ['2026-07', '2026-08', '2026-09'] as const

interface Act {
  readonly kind: 'in' | 'aside' | 'charge' | 'release' | 'late' | 'goodwill'
  readonly amount: number
  readonly month: (typeof months)[number]
}

/** Does what is possible and dates it into the month; what the books refuse did not happen. */
async function doAct(cloud: Cloud, { kind, amount, month }: Act, reserves: GrantSerial[]): Promise<void> {
  const { tenant, currency } = cloud.config
  const { rows: before } = await admin.query<{ reference: string; kind: string }>(
    'select reference, kind from ledger_transfers where tenant = $1',
    [tenant],
  )
  const reference = `act-${before.length}`
  const post = (steps: readonly [TransferKind, LedgerAccount, LedgerAccount, number][]) =>
    inTenant(cloud.db, tenant, async (tx) => {
      const posted = await postTransfers(
        tx,
        tenant,
        steps.map(([transferKind, debit, credit, amountMinor]) => ({
          ...{
            reference,
            kind: transferKind,
            effect: 'post',
            debit,
            credit,
            currency,
            author,
            reason: 'test',
          },
          amountMinor: minorUnits(amountMinor),
        })),
      )
      if (!posted.ok) throw new Refused()
    }).catch(unlessRefused)
  const [serial] = reserves
  if (kind === 'in') await post([['bank-transfer', bankClearingAccount, fleet, amount]])
  if (kind === 'goodwill') await post([['goodwill', goodwillAccount, fleet, amount]])
  if (kind === 'late') await post([['settle', receivableAccount(fleet), revenueAccount, amount]])
  if (kind === 'aside')
    await inTenant(cloud.db, tenant, async (tx) => {
      const fresh = await freshSerial(cloud, tx)
      const capMinor = minorUnits(amount)
      const order = { serial: fresh, owner: fleet, capMinor, releaseAfterS: startS, author }
      if (!(await reserveCredit(cloud, tx, order)).ok) throw new Refused()
      reserves.unshift(fresh)
    }).catch(unlessRefused)
  if (serial !== undefined && kind === 'charge')
    await post([
      ['settle', reserveAccount(serial), revenueAccount, amount],
      ['settle-tax', reserveAccount(serial), taxAccount, Math.max(1, Math.floor(amount / 5))],
    ])
  if (serial !== undefined && kind === 'release')
    await post([['release', reserveAccount(serial), fleet, amount]])
  const known = new Set(before.map((row) => `${row.reference} ${row.kind}`))
  const { rows: after } = await admin.query<{ reference: string; kind: string }>(
    'select reference, kind from ledger_transfers where tenant = $1',
    [tenant],
  )
  for (const row of after.filter((each) => !known.has(`${each.reference} ${each.kind}`)))
    await admin.query(
      'update ledger_transfers set created_at = $4::timestamptz where tenant = $1 and reference = $2 and kind = $3',
      [tenant, row.reference, row.kind, `${month}-15T12:00:00Z`],
    )
}

class Refused extends Error {}
const unlessRefused = (error: unknown): void => {
  if (!(error instanceof Refused)) throw error
}

/** By reading every transfer one by one, without a word of the statement’s own query. */
async function byHand(cloud: Cloud, month: string) {
  const { rows } = await admin.query<{
    debit: string
    credit: string
    amount: string
    at: Date
    serials: string[]
  }>(
    `select debit, credit, amount_minor::text as amount, created_at as at,
       array(select serial from reserves r where r.tenant = t.tenant and r.owner = $2) as serials
     from ledger_transfers t where tenant = $1 and effect in ('post', 'post-pending')`,
    [cloud.config.tenant, fleet],
  )
  const own = new Set<string>([
    ...[fleet, `credit-line:${fleetId}`, `receivable:fleet-${fleetId}`],
    ...(rows[0]?.serials ?? []).map((serial) => `reserve:${serial}`),
  ])
  let [opening, closing] = [0, 0]
  for (const { debit, credit, amount, at } of rows) {
    const signed = (own.has(credit) ? Number(amount) : 0) - (own.has(debit) ? Number(amount) : 0)
    const when = at.toISOString().slice(0, 7)
    if (when < month) opening += signed
    if (when <= month) closing += signed
  }
  return { openingMinor: opening, closingMinor: closing }
}

const read = async (cloud: Cloud, month: string): Promise<Statement> =>
  expectOk(await statementOfMonth(cloud, fleetId, month), month)

const lineSum = ({ lines }: Statement): number => lines.reduce((sum, line) => sum + line.amountMinor, 0)

/** Two workers add the months up; what moves afterwards changes no statement of theirs. */
async function sameAfterAddingUp(cloud: Cloud, reserves: GrantSerial[]): Promise<void> {
  const { tenant } = cloud.config
  await admin.query(`update fleets set created_at_s = 1780000000 where tenant = $1`, [tenant])
  const present = new Date().toISOString().slice(0, 7)
  const readAll = () => Promise.all([...months, present].map((month) => read(cloud, month)))
  const before = await readAll()
  const added = await Promise.all([addUpMonths(cloud), addUpMonths(cloud)])
  expect(added.reduce((sum, count) => sum + count)).toBeGreaterThan(months.length)
  expect(await readAll()).toEqual(before)
  const { rows } = await admin.query<{ months: number }>(
    'select count(distinct month)::int as months from fleet_statement_months where tenant = $1',
    [tenant],
  )
  expect(rows[0]?.months).toBeGreaterThan(0)
  await doAct(cloud, { kind: 'goodwill', amount: 77, month: present as Act['month'] }, reserves)
  const [after, now] = [await readAll(), before.length - 1]
  expect(after.slice(0, now)).toEqual(before.slice(0, now))
  expect((after[now]?.closingMinor ?? 0) - (before[now]?.closingMinor ?? 0)).toBe(77)
  expect(await addUpMonths(cloud)).toBe(0)
}

test('whatever happened in three months, each statement foots and begins where the one before ended', async () => {
  const act = fc.record({
    kind: fc.constantFrom('in', 'aside', 'aside', 'charge', 'charge', 'release', 'late', 'goodwill'),
    amount: fc.integer({ min: 1, max: 5_000 }),
    month: fc.constantFrom(...months),
  }) satisfies fc.Arbitrary<Act>
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 14 }), async (acts) => {
      const { cloud } = await openWorld(database)
      await seedDemo(cloud)
      expectOk(await setCreditLine(cloud, { fleetId, limitMinor: 3_000, author }), 'line')
      await admin.query(`update ledger_transfers set created_at = '2026-06-15T12:00:00Z' where tenant = $1`, [
        cloud.config.tenant,
      ])
      const reserves: GrantSerial[] = []
      for (const each of acts) await doAct(cloud, each, reserves)
      let before: number | undefined
      for (const month of months) {
        const statement = await read(cloud, month)
        expect(statement).toMatchObject(await byHand(cloud, month))
        expect(statement.openingMinor + lineSum(statement)).toBe(statement.closingMinor)
        if (before !== undefined) expect(statement.openingMinor).toBe(before)
        expect(statement.lines.map(({ line }) => line)).not.toContain('other')
        before = statement.closingMinor
      }
      expect((await proof(cloud)).isProved).toBe(true)
      await sameAfterAddingUp(cloud, reserves)
    }),
    { numRuns: 6 },
  )
})

test('what moves into tokens and back is told beside the lines and changes no balance', async () => {
  const { cloud } = await openWorld(database)
  await seedDemo(cloud)
  const before = await read(cloud, new Date().toISOString().slice(0, 7))
  const reserves: GrantSerial[] = []
  const month = '2026-09' as const
  await doAct(cloud, { kind: 'aside', amount: 700, month }, reserves)
  await doAct(cloud, { kind: 'release', amount: 300, month }, reserves)
  const statement = await read(cloud, month)
  expect(statement).toMatchObject({ setAsideMinor: 700, releasedMinor: 300, lines: [] })
  expect(statement.closingMinor).toBe(statement.openingMinor)
  expect(before.isOpen).toBe(true)
})

/** Bank transfers: matched by reference, each counted once, whoever brings the statement and however often. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Refusal } from '@/lib/core/reason'
import { expectOk, type Result } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { referenceOf, spaced } from '@/lib/cloud/credit/bank-reference'
import { bankRowsOf } from '@/lib/cloud/credit/bank-list'
import { assignRow } from '@/lib/cloud/credit/bank-rows'
import { importStatement } from '@/lib/cloud/credit/import-statement'
import { creditOf } from '@/lib/cloud/credit/queries'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { withinOrganisation } from '@/lib/cloud/database/organisation-scope'
import {
  bankClearingAccount,
  fleetAccount,
  receivableAccount,
  revenueAccount,
} from '@/lib/cloud/ledger/accounts'
import { postTransfers } from '@/lib/cloud/ledger/commands'
import { statementOf } from '@/lib/cloud/ledger/queries'
import { demo, seedDemo } from '@/lib/cloud/operator/seed-demo'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { balanceMinor, openWorld, proof } from './world'

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const { fleetId } = demo
const fleet = fleetAccount(fleetId)
const author = 'operator-person'

async function openFleet() {
  const { cloud } = await openWorld(database)
  await seedDemo(cloud)
  const { fleet_number: fleetNumber } = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx
      .selectFrom('fleets')
      .select('fleet_number')
      .where('tenant', '=', cloud.config.tenant)
      .where('fleet_id', '=', fleetId)
      .executeTakeFirstOrThrow(),
  )
  return { cloud, fleetNumber, reference: referenceOf(fleetNumber), before: await balanceMinor(cloud, fleet) }
}

const heads = 'Booking date;Amount;Currency;Remittance information;Counterparty;Transaction id'
const csv = (...rows: string[]): string => [heads, ...rows].join('\r\n')
const bring = async (cloud: Cloud, text: string) =>
  expectOk(await importStatement(cloud, { csv: text, author }), 'import')

const whyNot = (answer: Result<unknown, Refusal>): string => (answer.ok ? 'allowed' : answer.error.code)

test('a transfer raises the credit of the fleet whose reference it names, once, however the text is broken', async () => {
  const { cloud, reference, before } = await openFleet()
  const text = csv(
    `2026-09-01;1.250,00;EUR;Top up ${spaced(reference).toLowerCase()} thanks;Tay Valley;T1`,
    `2026-09-02;20,50;EUR;${reference};Tay Valley;T2`,
  )
  expect(await bring(cloud, text)).toMatchObject({ posted: 2, open: 0, known: 0, refused: [] })
  expect(await bring(cloud, text)).toMatchObject({ posted: 0, known: 2 })
  expect(await balanceMinor(cloud, fleet)).toBe(before + 127_050)
  expect(await balanceMinor(cloud, bankClearingAccount)).toBe(-127_050)
  const lines = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    statementOf(tx, cloud.config.tenant, bankClearingAccount, cloud.config.currency),
  )
  expect(lines.map(({ kind }) => kind)).toEqual(['bank-transfer', 'bank-transfer'])
  expect((await proof(cloud)).isProved).toBe(true)
})

test('the same statement brought by four people at once counts once', async () => {
  const { cloud, reference, before } = await openFleet()
  const text = csv(
    `2026-09-01;10,00;EUR;${reference};A;`,
    `2026-09-01;10,00;EUR;${reference};A;`,
    `2026-09-01;7,00;EUR;${reference};B;T9`,
  )
  const done = await Promise.all([1, 2, 3, 4].map(() => bring(cloud, text)))
  expect(done.reduce((sum, { posted }) => sum + posted, 0)).toBe(3)
  expect(done.reduce((sum, { known }) => sum + known, 0)).toBe(9)
  expect(await balanceMinor(cloud, fleet)).toBe(before + 2_700)
  expect((await proof(cloud)).isProved).toBe(true)
})

test('what cannot be matched waits with its reason, and a person says whose it is, once', async () => {
  const { cloud, fleetNumber, reference, before } = await openFleet()
  const last = Number(reference.slice(-1))
  const slip = `${reference.slice(0, -1)}${(last + 1) % 10}`
  const text = csv(
    `2026-09-01;5,00;EUR;Rent;A;T1`,
    `2026-09-01;6,00;EUR;${slip};A;T2`,
    `2026-09-01;7,00;EUR;${referenceOf(99_999)};A;T3`,
    `2026-09-01;8,00;EUR;${reference} ${referenceOf(99_999)};A;T4`,
  )
  expect(await bring(cloud, text)).toMatchObject({ posted: 0, open: 4 })
  const { rows } = expectOk(await bankRowsOf(cloud, { state: 'open' }), 'rows')
  expect(new Map(rows.map(({ amountMinor, reason }) => [amountMinor, reason]))).toEqual(
    new Map([
      [500, 'no-reference'],
      [600, 'wrong-check'],
      [700, 'unknown-fleet'],
      [800, 'several-references'],
    ]),
  )
  const [rowKey = ''] = rows.filter(({ amountMinor }) => amountMinor === 600).map((row) => row.rowKey)
  const [rent = ''] = rows.filter(({ amountMinor }) => amountMinor === 500).map((row) => row.rowKey)
  const assigned = { rowKey, fleetNumber, author }
  const answers = await Promise.all([1, 2, 3].map(() => assignRow(cloud, assigned)))
  expect(answers.map((answer) => expectOk(answer, 'assigned').state)).toEqual(['posted', 'posted', 'posted'])
  expect(await balanceMinor(cloud, fleet)).toBe(before + 600)
  expect(whyNot(await assignRow(cloud, { ...assigned, fleetNumber: null }))).toBe('api.conflict')
  expect(expectOk(await assignRow(cloud, { rowKey: rent, fleetNumber: null, author }), 'left').state).toBe(
    'left',
  )
  expect(whyNot(await assignRow(cloud, { ...assigned, rowKey: 'f'.repeat(64) }))).toBe('api.not-found')
  // Brought again they are known, and nobody is asked twice.
  expect(await bring(cloud, text)).toMatchObject({ posted: 0, open: 0, known: 4 })
  expect(expectOk(await bankRowsOf(cloud, { state: 'open' }), 'rows').rows).toHaveLength(2)
  expect((await proof(cloud)).isProved).toBe(true)
})

test('a row in another currency, a row that pays out and a number that says something else are refused by line', async () => {
  const { cloud, reference, before } = await openFleet()
  await bring(cloud, csv(`2026-09-01;5,00;EUR;${reference};A;T1`))
  const brought = await bring(
    cloud,
    csv(
      `2026-09-01;5,00;GBP;${reference};A;T5`,
      `2026-09-01;-5,00;EUR;${reference};A;T6`,
      `2026-09-01;50,00;EUR;${reference};A;T1`,
      `2026-09-01;1,00;EUR;${reference};A;T7`,
    ),
  )
  expect(brought).toMatchObject({
    posted: 1,
    refused: [
      { line: 2, fault: 'currency' },
      { line: 3, fault: 'negative' },
      { line: 4, fault: 'differs' },
    ],
  })
  expect(await balanceMinor(cloud, fleet)).toBe(before + 600)
})

test('a transfer leaves a line in the fleet’s audit log, and other fleets see none of it', async () => {
  const { cloud, reference } = await openFleet()
  await bring(cloud, csv(`2026-09-01;5,00;EUR;${reference};A;T1`))
  const seenBy = (organisation: string) =>
    withinOrganisation(organisation, () =>
      inTenant(cloud.db, cloud.config.tenant, async (tx) => ({
        rows: await tx.selectFrom('bank_rows').select('row_key').execute(),
        lines: await tx
          .selectFrom('audit_lines')
          .select('action')
          .where('action', 'like', 'bank.%')
          .execute(),
      })),
    )
  expect(await seenBy(fleetId)).toMatchObject({ rows: [{}], lines: [{ action: 'bank.transfer' }] })
  expect(await seenBy('another')).toEqual({ rows: [], lines: [] })
})

test('what the fleet owes is paid first', async () => {
  const { cloud, reference, before } = await openFleet()
  const owing = receivableAccount(fleet)
  await inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const transfer = { reference: 'late', kind: 'settle', effect: 'post', reason: 'test', author } as const
    expectOk(
      await postTransfers(tx, cloud.config.tenant, [
        {
          ...{ ...transfer, debit: owing, credit: revenueAccount },
          ...{ currency: cloud.config.currency, amountMinor: minorUnits(300) },
        },
      ]),
      'debt',
    )
  })
  await bring(cloud, csv(`2026-09-01;5,00;EUR;${reference};A;T1`))
  expect(await balanceMinor(cloud, owing)).toBe(0)
  expect(await balanceMinor(cloud, fleet)).toBe(before + 200)
  expect(expectOk(await creditOf(cloud, fleetId), 'credit')).toMatchObject({ owedMinor: 0 })
})

test('a file that is taken in pieces counts as it would whole: equal rows without an id stay as many as they are', async () => {
  const { cloud, reference, before } = await openFleet()
  const row = `2026-09-01;10,00;EUR;${reference};A;`
  const text = csv(row, row, row, `2026-09-01;1,00;GBP;${reference};A;`)
  const take = async (from: number) =>
    expectOk(await importStatement(cloud, { csv: text, author, from, most: 2 }), 'piece')
  const first = await take(0)
  expect(first).toMatchObject({ posted: 2, entries: 3, next: 2, refused: [{ line: 5, fault: 'currency' }] })
  expect(await take(2)).toMatchObject({ posted: 1, next: null, refused: [] })
  expect(await bring(cloud, text)).toMatchObject({ posted: 0, known: 3, next: null })
  expect(await balanceMinor(cloud, fleet)).toBe(before + 3_000)
})

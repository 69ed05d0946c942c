/** Invoices of fleets against the books: made once, for what was settled, with numbers that have no gap. */

import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toBytes } from '@/lib/core/bytes'
import type { GrantSerial } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { decideCase, disputeSession, reviewCase } from '@/lib/cloud/cases/commands'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { claimToken, issueToken } from '@/lib/cloud/fleet/commands'
import { receiveBundle } from '@/lib/cloud/ingest/commands'
import { setBillingAddress, type BillingAddress } from '@/lib/cloud/invoices/billing-address'
import { makeDueInvoices } from '@/lib/cloud/invoices/due-invoices'
import { exportEntries } from '@/lib/cloud/invoices/export-entries'
import { invoicePaper } from '@/lib/cloud/invoices/invoice-paper'
import { invoiceOf, invoicesOfFleet } from '@/lib/cloud/invoices/queries'
import { freshSerial, reserveCredit } from '@/lib/cloud/issuance/grant-books'
import {
  bankClearingAccount,
  fleetAccount,
  goodwillAccount,
  reserveAccount,
  revenueAccount,
  taxAccount,
  type LedgerAccount,
} from '@/lib/cloud/ledger/accounts'
import { postTransfers } from '@/lib/cloud/ledger/commands'
import type { TransferKind } from '@/lib/cloud/ledger/transfer'
import { demo, seedDemo } from '@/lib/cloud/operator/seed-demo'
import { registerFleet } from '@/lib/cloud/operator/commands'
import { readCsv } from '@/lib/format/csv-read'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { Charger, freshSigner, openWorld, Phone, proof, startS } from './world'

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

const author = 'test'
/** Long over, whenever this runs. */
const months = ['2024-01', '2024-02', '2024-03'] as const
const [january, february, march] = months
const seller = { name: 'Highland Charging', address: ['Station Road 1', 'Kinross'], taxId: 'GB 123 4567 89' }

const address: BillingAddress = {
  ...{ name: 'Glen Haulage', street: 'Depot Road 4', postalCode: 'KY13 8XX', city: 'Kinross' },
  ...{ country: 'Scotland', vatId: 'GB999999973', orderReference: null, locale: 'en' },
}

/** The fleets have been there since January, with credit from the year before. */
async function openFleets(fleetIds: readonly string[] = [demo.fleetId]): Promise<Cloud> {
  const { cloud } = await openWorld(database)
  const selling = { ...cloud, config: { ...cloud.config, seller } }
  const { tenant } = cloud.config
  await seedDemo(selling)
  for (const [at, fleetId] of fleetIds.entries())
    if (fleetId !== demo.fleetId)
      await registerFleet(cloud, {
        ...{ fleetId, fleetNumber: 100 + at, name: fleetId, managerId: `m-${fleetId}`, managerName: 'M' },
        managerEmail: `${fleetId}@fleets.example`,
      })
  await admin.query('update fleets set created_at_s = $2 where tenant = $1', [
    tenant,
    Date.UTC(2024, 0, 5) / 1_000,
  ])
  await admin.query(`update ledger_transfers set created_at = '2023-12-15T12:00:00Z' where tenant = $1`, [
    tenant,
  ])
  return selling
}

const addressFor = async (cloud: Cloud, fleetId: string = demo.fleetId): Promise<unknown> =>
  expectOk(await setBillingAddress(cloud, { fleetId, author, address }), 'address')

const make = (cloud: Cloud) => makeDueInvoices(cloud, march)
const list = async (cloud: Cloud, fleetId: string = demo.fleetId) =>
  expectOk(await invoicesOfFleet(cloud, fleetId, {}), 'list')

let references = 0
type Step = readonly [kind: TransferKind, debit: LedgerAccount, credit: LedgerAccount, amountMinor: number]

/** Posts and dates into the middle of a month. */
async function post(cloud: Cloud, month: string, steps: readonly Step[]): Promise<void> {
  const { tenant, currency } = cloud.config
  references += 1
  const reference = `act-${references}`
  const batch = steps
    .filter(([, , , amountMinor]) => amountMinor > 0)
    .map(([kind, debit, credit, amountMinor]) => ({
      ...({ reference, kind, effect: 'post', debit, credit, currency, author, reason: 'test' } as const),
      amountMinor: minorUnits(amountMinor),
    }))
  await inTenant(cloud.db, tenant, async (tx) => expectOk(await postTransfers(tx, tenant, batch), 'posted'))
  await date(cloud, reference, month)
}

const date = (cloud: Cloud, reference: string, month: string) =>
  admin.query(
    'update ledger_transfers set created_at = $3::timestamptz where tenant = $1 and reference = $2',
    [...[cloud.config.tenant, reference, `${month}-15T12:00:00Z`]],
  )

async function reserveOf(cloud: Cloud, fleetId: string, amountMinor: number): Promise<GrantSerial> {
  const owner = fleetAccount(fleetId)
  await post(cloud, '2023-12', [['bank-transfer', bankClearingAccount, owner, amountMinor]])
  return inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const serial = await freshSerial(cloud, tx)
    const order = { serial, owner, capMinor: minorUnits(amountMinor), releaseAfterS: startS, author }
    expectOk(await reserveCredit(cloud, tx, order), 'reserve')
    return serial
  })
}

const charge = (cloud: Cloud, serial: GrantSerial, month: string, net: number, tax: number) =>
  post(cloud, month, [
    ['settle', reserveAccount(serial), revenueAccount, net],
    ['settle-tax', reserveAccount(serial), taxAccount, tax],
  ])

/** What went to revenue and tax from one fleet’s accounts, transfer by transfer, without a word of the module’s own query. */
async function byHand(cloud: Cloud, fleetId: string, month: string) {
  const { rows } = await admin.query<{
    debit: string
    credit: string
    amount: string
    at: Date
    own: string[]
  }>(
    `select debit, credit, amount_minor::text as amount, created_at as at,
       array(select 'reserve:' || serial from reserves r where r.tenant = t.tenant and r.owner = $2) as own
     from ledger_transfers t where tenant = $1 and effect in ('post', 'post-pending')`,
    [cloud.config.tenant, fleetAccount(fleetId)],
  )
  const sums = { revenue: 0, tax: 0 }
  for (const { debit, credit, amount, at, own } of rows) {
    if (at.toISOString().slice(0, 7) !== month) continue
    const isOwn = (account: string): boolean => account === fleetAccount(fleetId) || own.includes(account)
    if ((credit === 'revenue' || credit === 'tax') && isOwn(debit)) sums[credit] += Number(amount)
    if ((debit === 'revenue' || debit === 'tax') && isOwn(credit)) sums[debit] -= Number(amount)
  }
  return { netMinor: sums.revenue, taxMinor: sums.tax }
}

async function csvOf(cloud: Cloud, invoiceNumber: string, fleetId: string = demo.fleetId) {
  const order = { fleetId, author, locale: 'en', invoiceNumber } as const
  const stream = expectOk(await exportEntries(cloud, order), 'csv')
  const table = expectOk(readCsv(await new Response(stream).text(), { rowsMax: 1_000 }), 'table')
  const [{ cells: head } = { cells: [] }, ...rows] = table
  return rows.map(({ cells }) => Object.fromEntries(head.map((name, at) => [name, cells[at] ?? ''])))
}

const cents = (text = ''): number => Math.round(Number(text) * 100)

const act = fc.record({
  kind: fc.constantFrom('charge', 'charge', 'charge', 'correct', 'refund', 'goodwill', 'in'),
  amount: fc.integer({ min: 5, max: 3_000 }),
  rate: fc.constantFrom(0, 7, 19),
  month: fc.constantFrom(...months),
})

test('whatever was posted in three months, each invoice and its sessions add up to what left for revenue and tax', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 12 }), async (acts) => {
      const cloud = await openFleets()
      const fleet = fleetAccount(demo.fleetId)
      const serial = await reserveOf(cloud, demo.fleetId, 100_000)
      const reserve = reserveAccount(serial)
      for (const { kind, amount, rate, month } of acts) {
        const tax = Math.round((amount * rate) / (100 + rate))
        if (kind === 'charge') await charge(cloud, serial, month, amount - tax, tax)
        if (kind === 'correct')
          await post(cloud, month, [
            ['correct', revenueAccount, reserve, amount - tax],
            ['correct-tax', taxAccount, reserve, tax],
          ])
        if (kind === 'refund')
          await post(cloud, month, [
            ['refund', revenueAccount, fleet, amount - tax],
            ['refund-tax', taxAccount, fleet, tax],
          ])
        if (kind === 'goodwill') await post(cloud, month, [['goodwill', goodwillAccount, fleet, amount]])
        if (kind === 'in') await post(cloud, month, [['bank-transfer', bankClearingAccount, fleet, amount]])
      }
      await addressFor(cloud)
      const { numbers, faults } = await make(cloud)
      expect(faults).toEqual([])
      const { invoices } = await list(cloud)
      const billed = months.filter((month) =>
        acts.some((one) => one.month === month && ['charge', 'correct', 'refund'].includes(one.kind)),
      )
      expect(invoices.map(({ month }) => month)).toEqual([...billed].reverse())
      expect(numbers).toEqual(billed.map((_, at) => `2026-00000${at + 1}`))
      for (const { month, invoiceNumber, netMinor, taxMinor } of invoices) {
        expect({ netMinor, taxMinor }).toEqual(await byHand(cloud, demo.fleetId, month))
        const rows = await csvOf(cloud, invoiceNumber)
        expect(rows.reduce((sum, row) => sum + cents(row['Net']), 0)).toBe(netMinor)
        expect(rows.reduce((sum, row) => sum + cents(row['Tax']), 0)).toBe(taxMinor)
        const { document } = expectOk(await invoiceOf(cloud, demo.fleetId, invoiceNumber), 'one')
        const given = acts.filter((one) => one.month === month && one.kind === 'goodwill')
        expect(document.goodwillMinor).toBe(given.reduce((sum, { amount }) => sum + amount, 0))
      }
      expect((await proof(cloud)).isProved).toBe(true)
    }),
    { numRuns: 5 },
  )
})

/** A token of the fleet’s, a phone that claimed it, and a charger that has settled a session of both. */
async function chargedSession(cloud: Cloud): Promise<string> {
  const issued = await issueToken(cloud, {
    ...{ fleetId: demo.fleetId, driverName: 'Ailsa Reid', capMinor: 20_000, sessionCapMinor: 8_000 },
    ...{ dailyLimitMinor: 10_000, days: 30, idempotencyKey: 'ailsa', author: demo.managerId },
  })
  const signer = freshSigner()
  const device = { deviceKey: signer.publicKey, keyProtection: 'platform' } as const
  const claimed = await claimToken(cloud, { code: expectOk(issued, 'token').claimCode, ...device })
  const phone = Phone.holding(toBytes(expectOk(claimed, 'claim').grant), signer)
  const charger = await Charger.enrolled(cloud)
  const { id } = await charger.charge(phone, 3_000, 20_000)
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  return id
}

test('a session stands with its site, its energy and the rate of its own offer', async () => {
  const cloud = await openFleets()
  const id = await chargedSession(cloud)
  await date(cloud, id, february)
  await addressFor(cloud)
  expect(await make(cloud)).toEqual({ numbers: ['2026-000001'], faults: [] })
  const { document, ...invoice } = expectOk(await invoiceOf(cloud, demo.fleetId, '2026-000001'), 'invoice')
  expect(invoice).toMatchObject({ month: february, grossMinor: 980, sessions: 1, energyWh: 20_000 })
  expect(document).toMatchObject({
    ...{ seller, locale: 'en', goodwillMinor: 0, corrections: [] },
    buyer: { name: 'Glen Haulage', address: ['Depot Road 4', 'KY13 8XX Kinross', 'Scotland'] },
    sites: [{ site: 'Kinross Services', rateBasisPoints: 1_900, sessions: 1, netMinor: 824, taxMinor: 156 }],
  })
  expect(await csvOf(cloud, '2026-000001')).toMatchObject([
    {
      Session: id,
      What: 'Charging',
      Driver: 'Ailsa Reid',
      'Energy (kWh)': '20.000',
      'Tax rate (%)': '19.00',
    },
  ])
  const paper = new TextDecoder('latin1').decode(invoicePaper({ ...invoice, document }))
  for (const said of [
    'Invoice 2026-000001',
    'Highland Charging',
    'Glen Haulage',
    'Kinross Services',
    'GB999999973',
  ])
    expect(paper).toContain(said)
})

test('a refund that people decided stands with the session’s own rate, and names the session', async () => {
  const cloud = await openFleets()
  const sessionId = await chargedSession(cloud)
  await date(cloud, sessionId, january)
  const owner = fleetAccount(demo.fleetId)
  const { caseId } = expectOk(
    await disputeSession(cloud, { sessionId, owner, reason: 'wrong-price' }),
    'dispute',
  )
  const step = { caseId, author: 'anna', reason: 'charger-right' } as const
  expectOk(await reviewCase(cloud, 'take-up', step), 'take-up')
  expectOk(await decideCase(cloud, { ...step, decision: { kind: 'refund', amountMinor: 119 } }), 'refund')
  await date(cloud, `${caseId}/refund`, february)
  await addressFor(cloud)
  expect((await make(cloud)).numbers).toHaveLength(2)
  const { document } = expectOk(await invoiceOf(cloud, demo.fleetId, '2026-000002'), 'note')
  expect(document).toMatchObject({
    sites: [],
    corrections: [{ kind: 'refunded', rateBasisPoints: 1_900, sessions: 1, netMinor: -100, taxMinor: -19 }],
  })
  expect(await csvOf(cloud, '2026-000002')).toMatchObject([
    { Session: sessionId, What: 'Refunds', Driver: 'Ailsa Reid', 'Energy (kWh)': '', Gross: '-1.19' },
  ])
})

test('workers at once make each invoice once, and numbers have no gap', async () => {
  const fleetIds = ['ash', 'birch', 'cedar']
  const cloud = await openFleets(fleetIds)
  for (const fleetId of fleetIds) {
    const serial = await reserveOf(cloud, fleetId, 10_000)
    for (const month of months) await charge(cloud, serial, month, 100, 19)
    await addressFor(cloud, fleetId)
  }
  const made = await Promise.all([make(cloud), make(cloud), make(cloud)])
  expect(made.flatMap(({ faults }) => faults)).toEqual([])
  expect(made.flatMap(({ numbers }) => numbers).sort()).toEqual(
    Array.from({ length: 9 }, (_, at) => `2026-00000${at + 1}`),
  )
  for (const fleetId of fleetIds)
    expect((await list(cloud, fleetId)).invoices.map(({ month }) => month)).toEqual([
      march,
      february,
      january,
    ])
  expect((await make(cloud)).numbers).toEqual([])
})

/** Fails where a process might end: after the invoice and its number are written, before the end of the transaction. */
const breaking = (cloud: Cloud): Cloud => ({
  ...cloud,
  random: {
    bytes: () => {
      throw new Error('the end of the process')
    },
  },
})

test('what ends before its end leaves no invoice, no mail and no gap in the numbers', async () => {
  const cloud = await openFleets()
  const serial = await reserveOf(cloud, demo.fleetId, 10_000)
  await charge(cloud, serial, january, 100, 19)
  await addressFor(cloud)
  expect(await make(breaking(cloud))).toMatchObject({ numbers: [], faults: [/the end of the process/] })
  expect((await list(cloud)).invoices).toEqual([])
  expect((await make(cloud)).numbers).toEqual(['2026-000001'])
  const { rows } = await admin.query<{ recipient: string; subject: string }>(
    'select recipient, subject from mails where tenant = $1',
    [cloud.config.tenant],
  )
  expect(rows).toEqual([
    { recipient: demo.managerEmail, subject: 'Invoice 2026-000001 / Rechnung 2026-000001' },
  ])
})

test('without a seller or an address none is made; afterwards all months are, in their order', async () => {
  const cloud = await openFleets()
  const serial = await reserveOf(cloud, demo.fleetId, 10_000)
  for (const month of [january, march]) await charge(cloud, serial, month, 100, 19)
  expect((await make(cloud)).numbers).toEqual([])
  expect(await list(cloud)).toMatchObject({ waitsFor: 'address', nextMonth: null })
  await addressFor(cloud)
  const { seller: _, ...config } = cloud.config
  const unnamed = { ...cloud, config }
  expect((await make(unnamed)).numbers).toEqual([])
  expect(await list(unnamed)).toMatchObject({ waitsFor: 'seller', nextMonth: january })
  expect((await make(cloud)).numbers).toHaveLength(2)
  expect(await list(cloud)).toMatchObject({
    ...{ waitsFor: null, nextMonth: '2024-04' },
    invoices: [
      { month: march, invoiceNumber: '2026-000002' },
      { month: january, invoiceNumber: '2026-000001' },
    ],
  })
})

test('a refund of a later month leaves the invoice as it is and becomes a credit note', async () => {
  const cloud = await openFleets()
  const serial = await reserveOf(cloud, demo.fleetId, 10_000)
  await charge(cloud, serial, january, 1_000, 190)
  await addressFor(cloud)
  await makeDueInvoices(cloud, january)
  const before = await invoiceOf(cloud, demo.fleetId, '2026-000001')
  await post(cloud, february, [
    ['refund', revenueAccount, fleetAccount(demo.fleetId), 500],
    ['refund-tax', taxAccount, fleetAccount(demo.fleetId), 95],
  ])
  expectOk(
    await setBillingAddress(cloud, {
      ...{ fleetId: demo.fleetId, author },
      address: { ...address, name: 'Glen Logistics', locale: 'de' },
    }),
    'moved',
  )
  await make(cloud)
  expect(await invoiceOf(cloud, demo.fleetId, '2026-000001')).toEqual(before)
  const note = expectOk(await invoiceOf(cloud, demo.fleetId, '2026-000002'), 'credit note')
  expect(note).toMatchObject({ netMinor: -500, taxMinor: -95, sessions: 0, month: february })
  const paper = new TextDecoder('latin1').decode(invoicePaper(note))
  expect(paper).toContain('Rechnungskorrektur 2026-000002')
  expect(paper).toContain('Glen Logistics')
})

test('nobody reads another fleet’s invoice, and a month that is not over has none', async () => {
  const cloud = await openFleets(['ash'])
  const serial = await reserveOf(cloud, 'ash', 10_000)
  await charge(cloud, serial, january, 100, 19)
  const { rows } = await admin.query<{ month: string }>(
    `select to_char(now() at time zone 'UTC', 'YYYY-MM') as month`,
  )
  await charge(cloud, serial, rows[0]?.month ?? '', 100, 19)
  await addressFor(cloud, 'ash')
  expect((await makeDueInvoices(cloud)).numbers).toEqual(['2026-000001'])
  expect(await invoiceOf(cloud, demo.fleetId, '2026-000001')).toMatchObject({
    error: { code: 'api.not-found' },
  })
  expect((await list(cloud)).invoices).toEqual([])
})

import pg from 'pg'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { decideCase, reviewCase } from '@/lib/cloud/cases/commands'
import { openCasesOf } from '@/lib/cloud/cases/queries'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { changingTables, referenceTables } from '@/lib/cloud/database/row-rights'
import { receiveBundle, receiveReport } from '@/lib/cloud/ingest/commands'
import { proveLedger } from '@/lib/cloud/ledger/queries'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { Charger, openAccount, openWorld, Phone } from './world'

let database: TestDatabase
let cloud: Cloud
let tables: readonly { readonly name: string; readonly columns: readonly string[] }[]

beforeAll(async () => {
  database = await openTestDatabase()
  cloud = (await openWorld(database)).cloud
  await fillEveryMoneyTable()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const { rows } = await client.query<{ name: string; columns: string[] }>(`
    select c.relname::text as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r','p') and c.relnamespace = 'public'::regnamespace and c.relname !~ '_[0-9]{6,}$'
      and exists (select from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant')
    group by c.relname order by c.relname`)
  tables = rows
  await client.end()
})
afterAll(() => database.close())

/** A disputed session that people have decided about, so that there are rows to lay hands on. */
async function fillEveryMoneyTable(): Promise<void> {
  const { tenant } = cloud.config
  const phone = await Phone.withGrant(cloud, await openAccount(cloud, 10_000), 4_000)
  const charger = await Charger.enrolled(cloud)
  const session = await charger.charge(phone, 3_000, 40_000)
  const lower = await charger.receipt(session.id, session.offer, 3_000, 20_000)
  charger.end(session.id, lower.bytes)
  // What a phone brings is kept as pieces of its own; what a charger brings stays in its log.
  expectOk(await receiveReport(cloud, phone.report()), 'report')
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  const [found] = await inTenant(cloud.db, tenant, (tx) => openCasesOf(tx, tenant))
  const act = { caseId: found!.caseId, author: 'anna', reason: 'charger-right' } as const
  expectOk(await reviewCase(cloud, 'take-up', act), 'take-up')
  expectOk(await decideCase(cloud, { ...act, decision: { kind: 'refund', amountMinor: 100 } }), 'refund')
  expectOk(await decideCase(cloud, { ...act, decision: { kind: 'uphold' } }), 'uphold')
  await inTenant(cloud.db, tenant, (tx) => tx.insertInto('audit_lines').values(acts(tenant)).execute())
}

const acts = (tenant: string) => ({ tenant, line_id: 'l', author: 'a', action: 'a', subject: 's', at_s: 1 })

const immutableTables = () => tables.filter(({ name }) => !(name in changingTables))
const attempt = (statement: string): Promise<unknown> =>
  inTenant(cloud.db, cloud.config.tenant, (tx) => sql.raw(statement).execute(tx))

test.each([
  'ledger_transfers',
  'case_events',
  'case_evidence',
  'session_evidence',
  'device_events',
  'audit_lines',
  'grants',
])('%s holds rows and is among the tables that nobody may change', async (name) => {
  expect(immutableTables().map((table) => table.name)).toContain(name)
  const { rows } = (await attempt(
    `select 1 from ${name} where tenant = '${cloud.config.tenant}' limit 1`,
  )) as { rows: unknown[] }
  expect(rows).toHaveLength(1)
})

test('the application can neither update, delete, truncate nor drop what is written once', async () => {
  expect(immutableTables().length).toBeGreaterThan(10)
  for (const { name, columns } of immutableTables()) {
    const column = columns.find((candidate) => candidate !== 'tenant') ?? 'tenant'
    const own = `tenant = '${cloud.config.tenant}'`
    for (const statement of [
      `update ${name} set ${column} = ${column} where ${own}`,
      `delete from ${name} where ${own}`,
      `truncate ${name}`,
    ]) {
      await expect(attempt(statement), statement).rejects.toThrow(/permission denied/)
    }
    await expect(attempt(`drop table ${name}`), name).rejects.toThrow(/must be owner/)
    await expect(attempt(`alter table ${name} disable row level security`)).rejects.toThrow(/must be owner/)
  }
})

test('the application cannot delete what may change either, except what is made to be deleted', async () => {
  const deletable: string[] = []
  for (const { name } of tables) {
    const refused = await attempt(
      `delete from ${name} where tenant = '${cloud.config.tenant}' and false`,
    ).then(
      () => false,
      () => true,
    )
    if (!refused) deletable.push(name)
  }
  expect(deletable).toEqual([
    'challenges',
    'console_people',
    'early_pieces',
    'fleet_drivers',
    'fleet_vehicles',
    'mails',
    'organisation_members',
    'passkeys',
    'phone_keys',
    'phones',
    'recovery_codes',
    'satellite_answers',
    'satellite_letters',
    'satellite_parts',
    'sign_ins',
  ])
  await expect(attempt(`update ${referenceTables[0]} set digest = ''`)).rejects.toThrow(/permission denied/)
})

test('the role that forgets has no hand in money and histories', async () => {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query('set role outpost_retention')
  for (const name of [
    'ledger_transfers',
    'ledger_accounts',
    'case_events',
    'device_events',
    'audit_lines',
    'grants',
  ]) {
    for (const statement of [`delete from ${name}`, `update ${name} set tenant = tenant`, `truncate ${name}`])
      await expect(client.query(statement), statement).rejects.toThrow(/permission denied/)
  }
  await client.end()
})

test('balances are the sums of the transfers, in each currency, and the proof notices a cent', async () => {
  const { tenant } = cloud.config
  const prove = () => inTenant(cloud.db, tenant, (tx) => proveLedger(tx, tenant))
  expect(await prove()).toMatchObject({
    isProved: true,
    imbalanceMinor: 0,
    currencies: [{ currency: 'EUR' }],
  })
  await attempt(
    `update ledger_accounts set posted_credits = posted_credits + 1 where tenant = '${tenant}' and account = 'revenue'`,
  )
  expect(await prove()).toMatchObject({
    isProved: false,
    imbalanceMinor: 1,
    currencies: [{ imbalanceMinor: 1, differingAccounts: 1 }],
  })
})

test('the proof notices a transfer whose account is not there', async () => {
  const { tenant } = cloud.config
  const differing = async () =>
    (await inTenant(cloud.db, tenant, (tx) => proveLedger(tx, tenant))).currencies[0]!.differingAccounts
  const before = await differing()
  await attempt(`
    insert into ledger_transfers (tenant, reference, kind, debit, credit, currency, amount_minor, effect, reason, author)
    values ('${tenant}', 'r', 'release', 'reserve:none', 'wallet:none', 'EUR', 5, 'post', 'test', 'test')`)
  expect(await differing()).toBe(before + 2)
})

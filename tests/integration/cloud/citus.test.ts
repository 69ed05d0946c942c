import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { openDatabase } from '@/lib/cloud/database/connection'
import { distributeDatabase } from '@/lib/cloud/database/distribution'
import { migrateDatabase } from '@/lib/cloud/database/migrate'
import { migrations } from '@/lib/cloud/database/migrations/all'
import { receiveBundle } from '@/lib/cloud/ingest/commands'
import { reserveAccount, revenueAccount, taxAccount, walletAccount } from '@/lib/cloud/ledger/accounts'
import { createDistributed } from '../citus-cluster'
import { openEmptyDatabase, type EmptyDatabase } from '../database-fixture'
import { balanceMinor, Charger, openAccount, openWorld, Phone, proof } from './world'

let empty: EmptyDatabase
let hasCitus = false

beforeAll(async () => {
  empty = await openEmptyDatabase()
  hasCitus = empty.nodes.length > 0
  await migrateDatabase(empty.url)
})
afterAll(() => empty.close())

async function ask(sql: string): Promise<pg.QueryResult<Record<string, unknown>>> {
  const client = new pg.Client({ connectionString: empty.url })
  await client.connect()
  try {
    return await client.query<Record<string, unknown>>(sql)
  } finally {
    await client.end()
  }
}

async function expectUndistributed(): Promise<void> {
  const { kind } = await distributeDatabase(empty.url)
  expect(['no-citus', 'not-loaded']).toContain(kind)
}

/**
 * The same story on both kinds of server: where Citus is, the database is distributed in the middle of it. Half of a
 * chain is settled before and half after, and the books cannot tell.
 */
test('a filled database goes on settling after the operator wanted it distributed', async () => {
  const db = openDatabase(empty.url)
  const { cloud } = await openWorld({
    url: empty.url,
    db,
    openAnother: () => db,
    close: () => Promise.resolve(),
  })
  const accountId = await openAccount(cloud, 10_000)
  const phone = await Phone.withGrant(cloud, accountId, 6_000)
  const charger = await Charger.enrolled(cloud)
  await charger.charge(phone, 2_000, 20_000)
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'before')
  if (hasCitus) await createDistributed(empty.url, empty.nodes)
  else await expectUndistributed()
  await charger.charge(phone, 2_000, 20_000)
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'after')
  const income = (await balanceMinor(cloud, revenueAccount)) + (await balanceMinor(cloud, taxAccount))
  expect({
    income,
    reserve: await balanceMinor(cloud, reserveAccount(phone.serial)),
    wallet: await balanceMinor(cloud, walletAccount(accountId)),
    isProved: (await proof(cloud)).isProved,
  }).toEqual({ income: 1_960, reserve: 4_040, wallet: 4_000, isProved: true })
  await db.destroy()
})

test('a database that an earlier version distributed takes the later steps, and their tables are distributed too', async () => {
  const earlier = await openEmptyDatabase()
  await migrateDatabase(earlier.url, migrations.slice(0, 5))
  if (hasCitus) await createDistributed(earlier.url, earlier.nodes)
  const { applied } = await migrateDatabase(earlier.url)
  expect(applied).toEqual(migrations.slice(5).map(({ id }) => id))
  if (hasCitus)
    expect(await distributeDatabase(earlier.url)).toMatchObject({ kind: 'distributed', tables: [] })
  await earlier.close()
})

test('where Citus is, every tenant’s table lies beside the first one, and reference tables on every node', async () => {
  if (!hasCitus) {
    await expectUndistributed()
    return
  }
  const { rows } = await ask(`
    select citus_table_type as type, count(*)::int as tables, count(distinct colocation_id)::int as groups,
      bool_and(citus_table_type = 'reference' or distribution_column = 'tenant') as by_tenant
    from citus_tables group by citus_table_type order by citus_table_type`)
  expect(rows).toMatchObject([
    { type: 'distributed', groups: 1, by_tenant: true },
    { type: 'reference', tables: 1 },
  ])
  const local = await ask(`select sum(pg_relation_size(logicalrelid))::int as bytes from pg_dist_partition`)
  expect(local.rows).toEqual([{ bytes: 0 }])
  expect(await distributeDatabase(empty.url)).toMatchObject({ kind: 'distributed', tables: [] })
})

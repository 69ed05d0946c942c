import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrateDatabase } from '@/lib/cloud/database/migrate'
import { migrations } from '@/lib/cloud/database/migrations/all'
import { openEmptyDatabase, type EmptyDatabase } from '../database-fixture'

let database: EmptyDatabase

beforeAll(async () => {
  database = await openEmptyDatabase()
})
afterAll(() => database.close())

async function ask(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

test('any number of processes migrate at once, and each step is applied once', async () => {
  const { url } = database
  const reports = await Promise.all([migrateDatabase(url), migrateDatabase(url), migrateDatabase(url)])
  expect(reports.map(({ applied }) => applied.length).sort()).toEqual([0, 0, migrations.length])
  expect(await ask('select count(*)::int as steps from outpost_migrations')).toEqual([
    { steps: migrations.length },
  ])
})

test('a database of another version is refused in one sentence', async () => {
  const { url } = database
  await ask(`update outpost_migrations set digest = 'other' where id = '0001-tenants'`)
  await expect(migrateDatabase(url)).rejects.toThrow(/0001-tenants .* do not belong together/)
})

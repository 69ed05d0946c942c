import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { operatorId } from '@/lib/core/ids'
import { inTenant, openDatabase } from '@/lib/cloud/database/connection'
import { migrations } from '@/lib/cloud/database/migrations/all'
import { migrateDatabase } from '@/lib/cloud/database/migrate'
import { openEmptyDatabase, openTestDatabase, type EmptyDatabase } from '../../database-fixture'
import { runScript } from '../run-script'

let empty: EmptyDatabase

beforeAll(async () => {
  empty = await openEmptyDatabase()
})
afterAll(() => empty.close())

const on = (url: string, ...args: readonly string[]) => runScript('db', [...args, '--database-url', url])

async function ask(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

test('an empty database is said to be empty, by every command that needs tables', async () => {
  for (const command of ['check', 'clean']) {
    const { code, complaints } = await on(empty.url, command)
    expect(code, command).toBe(1)
    expect(complaints).toMatch(/npm run db -- migrate/)
  }
})

test('four processes migrate one empty database at once; each step is applied once, and the rules hold', async () => {
  const runs = await Promise.all([1, 2, 3, 4].map(() => on(empty.url, 'migrate')))
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0])
  const applied = runs.filter(({ out }) => out.startsWith('Applied'))
  expect(applied).toHaveLength(1)
  expect(applied[0]!.out).toContain(migrations.at(-1)!.id)
  expect(runs.filter(({ out }) => out.startsWith('Nothing to do'))).toHaveLength(3)
  expect(await ask(empty.url, 'select count(*)::int as steps from outpost_migrations')).toEqual([
    { steps: migrations.length },
  ])
  const checked = await on(empty.url, 'check')
  expect(checked).toMatchObject({ code: 0 })
  expect(checked.out).toMatch(/Every rule holds/)
})

test('a broken rule is named, with what breaks it', async () => {
  await ask(empty.url, 'create table loose (id serial primary key)')
  const { code, out } = await on(empty.url, 'check')
  await ask(empty.url, 'drop table loose')
  expect(code).toBe(1)
  expect(out).toMatch(/BROKEN {2}every table holds the tenant\n +loose/)
  expect(out).toMatch(/loose_id_seq/)
})

test('a database of another version of the program is refused in one sentence', async () => {
  const other = await openEmptyDatabase()
  await migrateDatabase(other.url)
  await ask(other.url, `update outpost_migrations set digest = 'other' where id = '0002-ledger'`)
  const { code, complaints } = await on(other.url, 'migrate')
  expect(code).toBe(1)
  expect(complaints).toMatch(/0002-ledger .* do not belong together/)
  await other.close()
})

test('a second distribution finds nothing to do where Citus is, and any says plainly where it is not', async () => {
  const database = await openTestDatabase()
  const { code, out, complaints } = await on(database.url, 'distribute')
  if (empty.nodes.length > 0) {
    expect(code).toBe(0)
    expect(out).toMatch(/Already distributed/)
  } else {
    expect(code).toBe(2)
    expect(complaints).toMatch(/has no Citus extension|has not loaded it/)
    expect(complaints).toMatch(/nothing was distributed/)
    expect(out).toBe('')
  }
  await database.close()
})

test('an address without a server, and a line that makes no sense, get one sentence each', async () => {
  expect(await on('postgresql://nobody@127.0.0.1:1/nothing', 'check')).toMatchObject({ code: 1 })
  const { code, complaints } = await runScript('db', ['destroy'])
  expect(code).toBe(1)
  expect(complaints).toMatch(/npm run db -- migrate \| check \| distribute \| clean/)
})

test('cleaning deletes what is old and done, and nothing else', async () => {
  const database = await openTestDatabase()
  const tenant = operatorId('cleaned')
  const day = 86_400
  const nowS = Math.floor(Date.now() / 1000)
  const upload = (itemId: string, state: 'waiting' | 'done', daysAgo: number) => ({
    tenant,
    item_id: itemId,
    kind: 'report' as const,
    bytes: Buffer.from('{}'),
    state,
    outcome: null,
    received_at_s: nowS - daysAgo * day,
    done_at_s: state === 'done' ? nowS - daysAgo * day : null,
  })
  const piece = (id: string, daysAgo: number) => ({
    tenant,
    quarantine_id: id,
    source: 'stranger' as const,
    what: 'report',
    code: 'api.malformed',
    bytes: Buffer.from('x'),
    received_at_s: nowS - daysAgo * day,
  })
  await inTenant(database.db, tenant, async (tx) => {
    const many = Array.from({ length: 1_100 }, (_, index) => upload(`old-${index}`, 'done', 31))
    const kept = [upload('waits', 'waiting', 400), upload('young', 'done', 29)]
    await tx
      .insertInto('inbox')
      .values([...many, ...kept])
      .execute()
    await tx
      .insertInto('quarantine')
      .values([piece('old', 91), piece('young', 89)])
      .execute()
  })
  const { code, out } = await on(database.url, 'clean', '--tenant', tenant)
  expect(code).toBe(0)
  expect(out).toMatch(/Deleted 1100 uploads, 1 quarantined pieces, the evidence of 0 sessions/)
  const left = await inTenant(database.db, tenant, async (tx) => ({
    inbox: await tx
      .selectFrom('inbox')
      .select('item_id')
      .where('tenant', '=', tenant)
      .orderBy('item_id')
      .execute(),
    pieces: await tx.selectFrom('quarantine').select('quarantine_id').where('tenant', '=', tenant).execute(),
  }))
  expect(left).toEqual({
    inbox: [{ item_id: 'waits' }, { item_id: 'young' }],
    pieces: [{ quarantine_id: 'young' }],
  })
  const asApp = openDatabase(database.url)
  await expect(
    inTenant(asApp, tenant, (tx) => tx.deleteFrom('inbox').where('tenant', '=', tenant).execute()),
  ).rejects.toThrow(/permission denied/)
  await asApp.destroy()
  await database.close()
})

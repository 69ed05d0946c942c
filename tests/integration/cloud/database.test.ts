import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { embeddedDatabaseUrl } from '@/lib/cloud/database/embedded-address'
import { startEmbeddedDatabase, type EmbeddedDatabase } from '@/lib/cloud/database/embedded'
import { migrateDatabase } from '@/lib/cloud/database/migrate'
import { migrations } from '@/lib/cloud/database/migrations/all'

let dir: string
const running = new Set<EmbeddedDatabase>()

const start = async (): Promise<EmbeddedDatabase> => {
  const server = await startEmbeddedDatabase({ dir })
  running.add(server)
  return server
}
const ask = async (url: string, sql: string): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'outpost-postgres-'))
})
afterEach(async () => {
  for (const server of running) await server.stop()
  running.clear()
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

test('two starts at once find one server, and its data is there after a stop', async () => {
  const [first, second] = await Promise.all([start(), start()])
  expect([first?.wasRunning, second?.wasRunning].sort()).toEqual([false, true])
  expect(embeddedDatabaseUrl(dir)).toBe(first!.url)
  await ask(first!.url, 'create table kept as select 7 as seven')
  await first!.stop()
  await second!.stop()
  const again = await start()
  expect(again.port).toBe(first!.port)
  expect(await ask(again.url, 'select seven from kept')).toEqual([{ seven: 7 }])
  expect(await ask(again.url, 'show fsync')).toEqual([{ fsync: 'on' }])
})

test('a port that somebody else has taken meanwhile is left to them', async () => {
  const first = await start()
  await first.stop()
  const other = createServer().listen({ host: '127.0.0.1', port: first.port })
  await new Promise((resolve) => other.once('listening', resolve))
  const second = await start()
  expect(second.port).not.toBe(first.port)
  expect(await ask(second.url, 'select seven from kept')).toEqual([{ seven: 7 }])
  other.close()
})

test('a database whose password is lost is not overwritten', async () => {
  const connection = join(dir, 'connection.json')
  const kept = readFileSync(connection, 'utf8')
  rmSync(connection)
  await expect(startEmbeddedDatabase({ dir })).rejects.toThrow(/restore that file/)
  writeFileSync(connection, kept)
})

test('any number of processes migrate at once, and each step is applied once', async () => {
  const { url } = await start()
  const reports = await Promise.all([migrateDatabase(url), migrateDatabase(url), migrateDatabase(url)])
  expect(reports.map(({ applied }) => applied.length).sort()).toEqual([0, 0, migrations.length])
  expect(await ask(url, 'select count(*)::int as steps from outpost_migrations')).toEqual([
    { steps: migrations.length },
  ])
})

test('a database of another version is refused in one sentence', async () => {
  const { url } = await start()
  await ask(url, `update outpost_migrations set digest = 'other' where id = '0001-tenants'`)
  await expect(migrateDatabase(url)).rejects.toThrow(/0001-tenants .* do not belong together/)
})

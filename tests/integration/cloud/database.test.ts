/**
 * The packaged server itself, which a first start brings up: so these run on it whatever `DATABASE_URL` says. All else
 * that needs a database takes the one that the address names.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { embeddedDatabaseUrl } from '@/lib/cloud/database/embedded-address'
import { startEmbeddedDatabase, type EmbeddedDatabase } from '@/lib/cloud/database/embedded'

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

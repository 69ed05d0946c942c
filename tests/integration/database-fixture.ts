/**
 * A fresh database for each test file, on one embedded server that all files of a run (and runs at the same time)
 * share. The server's data is kept between runs; the last user stops it.
 */

import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { openDatabase, type Database } from '@/lib/cloud/database/connection'
import { startEmbeddedDatabase } from '@/lib/cloud/database/embedded'
import { migrateDatabase } from '@/lib/cloud/database/migrate'

const serverDir = fileURLToPath(new URL('../../var/test-postgres', import.meta.url))
const leaseName = 'outpost-test-lease'

export interface TestDatabase {
  readonly url: string
  readonly db: Database
  /** Another pool on the same database: another process, as far as the server can tell. */
  openAnother(): Database
  /** Drops the database; the last one out stops the server. */
  close(): Promise<void>
}

/** Call in `beforeAll`; call `close` in `afterAll`. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const { server, lease } = await leaseServer()
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`
  await lease.query(`create database ${name}`)
  const url = new URL(server.url)
  url.pathname = `/${name}`
  await migrateDatabase(url.href)
  const opened: Database[] = []
  const openAnother = (): Database => {
    const db = openDatabase(url.href)
    opened.push(db)
    return db
  }
  return {
    url: url.href,
    db: openAnother(),
    openAnother,
    close: async () => {
      await Promise.all(opened.map((db) => db.destroy()))
      await lease.query(`drop database ${name} with (force)`)
      const others = await lease.query(
        'select 1 from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()',
        [leaseName],
      )
      await lease.end()
      if (others.rowCount === 0) await server.stop()
    },
  }
}

/** The server may be stopping for its last user just when we connect; then it is started again. */
async function leaseServer(): Promise<{
  server: Awaited<ReturnType<typeof startEmbeddedDatabase>>
  lease: pg.Client
}> {
  for (let attempt = 1; ; attempt += 1) {
    const server = await startEmbeddedDatabase({ dir: serverDir })
    const lease = new pg.Client({ connectionString: server.url, application_name: leaseName })
    lease.on('error', () => undefined)
    try {
      await lease.connect()
      return { server, lease }
    } catch (error) {
      if (attempt === 5) throw error
    }
  }
}

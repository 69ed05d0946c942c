/**
 * A fresh database for each test file, dropped after it. By default on one embedded server that all files of a run
 * (and runs at the same time) share; its data is kept between runs and the last user stops it. With `DATABASE_URL` set,
 * on that server: its user must be allowed to create databases and roles. Where the database that the address names
 * has the Citus extension, each fresh one is made on every node of its cluster and distributed.
 */

import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { openDatabase, type Database } from '@/lib/cloud/database/connection'
import { startEmbeddedDatabase } from '@/lib/cloud/database/embedded'
import { migrateDatabase } from '@/lib/cloud/database/migrate'
import { createDistributed, dropDistributed, nodesOf, type ClusterNode } from './citus-cluster'

const serverDir = fileURLToPath(new URL('../../var/test-postgres', import.meta.url))
const leaseName = 'outpost-test-lease'

export interface TestDatabase {
  readonly url: string
  readonly db: Database
  /** Another pool on the same database: another process, as far as the server can tell. */
  openAnother(): Database
  /** Drops the database; the last one out stops the server, if it is ours. */
  close(): Promise<void>
}

/** A database without tables, for tests of what makes them. */
export interface EmptyDatabase {
  readonly url: string
  /** Of the server's cluster, none of them prepared yet; empty where it has no Citus. */
  readonly nodes: readonly ClusterNode[]
  close(): Promise<void>
}

/** Call in `beforeAll`; call `close` in `afterAll`. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const { url, nodes, drop } = await createDatabase()
  await migrateDatabase(url)
  if (nodes.length > 0) await createDistributed(url, nodes)
  const opened: Database[] = []
  const openAnother = (): Database => {
    const db = openDatabase(url)
    opened.push(db)
    return db
  }
  return {
    url,
    db: openAnother(),
    openAnother,
    close: async () => {
      await Promise.all(opened.map((db) => db.destroy()))
      await drop()
    },
  }
}

export async function openEmptyDatabase(): Promise<EmptyDatabase> {
  const { url, nodes, drop } = await createDatabase()
  return { url, nodes, close: drop }
}

interface Created {
  readonly url: string
  /** Of the cluster, if the server is its coordinator. */
  readonly nodes: readonly ClusterNode[]
  drop(): Promise<void>
}

async function createDatabase(): Promise<Created> {
  const { serverUrl, lease, leave } = await leaseServer()
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`
  const nodes = await nodesOf(lease)
  await lease.query(`create database ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return {
    url: url.href,
    nodes,
    drop: async () => {
      await dropDistributed(url, nodes)
      await lease.query(`drop database ${name} with (force)`)
      await leave()
    },
  }
}

interface Lease {
  readonly serverUrl: string
  readonly lease: pg.Client
  leave(): Promise<void>
}

function leaseServer(): Promise<Lease> {
  const named = process.env['DATABASE_URL']
  return named === undefined || named === '' ? leaseEmbedded() : leaseNamed(named)
}

async function leaseNamed(serverUrl: string): Promise<Lease> {
  const lease = new pg.Client({ connectionString: serverUrl, application_name: leaseName })
  lease.on('error', () => undefined)
  await lease.connect()
  return { serverUrl, lease, leave: () => lease.end() }
}

/** Whoever uses the server holds it shared; whoever stops it must have it alone, so that nobody is cut off. */
const leaseLock = 7_301_114

/** The server may be stopping for its last user just when we connect; then it is started again. */
async function leaseEmbedded(): Promise<Lease> {
  for (let attempt = 1; ; attempt += 1) {
    const server = await startEmbeddedDatabase({ dir: serverDir })
    try {
      const { lease } = await leaseNamed(server.url)
      // Waits for one who is stopping it, and then fails with the connection.
      await lease.query('select pg_advisory_lock_shared($1)', [leaseLock])
      const leave = async (): Promise<void> => {
        // Two may leave at once, and the other one be the last: then the server stops under our question, as it should.
        const isLast = await isAlone(lease).catch(() => false)
        // The lock is kept until the server is gone.
        if (isLast) await server.stop()
        else await lease.end()
      }
      return { serverUrl: server.url, lease, leave }
    } catch (error) {
      if (attempt === attemptsMax) throw error
    }
  }
}

const attemptsMax = 10

async function isAlone(lease: pg.Client): Promise<boolean> {
  await lease.query('select pg_advisory_unlock_shared($1)', [leaseLock])
  const { rows } = await lease.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [
    leaseLock,
  ])
  return rows[0]?.alone === true
}

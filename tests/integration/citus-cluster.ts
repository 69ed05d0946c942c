/**
 * A fresh database on every node of a Citus cluster. Citus itself belongs to one database, so the nodes are learned
 * from the one that `DATABASE_URL` names and made known to the fresh one. Nodes are reached with the same user.
 */

import pg from 'pg'
import { distributeDatabase } from '@/lib/cloud/database/distribution'

export interface ClusterNode {
  readonly host: string
  readonly port: number
  readonly isCoordinator: boolean
}

/** Few, because every one is a table and an index on some node, and test files are many. */
const shardCount = 4

/** Empty where the database has no Citus. */
export async function nodesOf(client: pg.Client): Promise<readonly ClusterNode[]> {
  const { rowCount } = await client.query(`select from pg_extension where extname = 'citus'`)
  if (rowCount === 0) return []
  const { rows } = await client.query<ClusterNode>(
    `select nodename as host, nodeport as port, groupid = 0 as "isCoordinator" from pg_dist_node order by groupid`,
  )
  return rows
}

/** `url` names the coordinator's database, which exists and is migrated. */
export async function createDistributed(url: string, nodes: readonly ClusterNode[]): Promise<void> {
  const target = new URL(url)
  const name = target.pathname.slice(1)
  const workers = nodes.filter(({ isCoordinator }) => !isCoordinator)
  for (const worker of workers) {
    await ask(atNode(target, worker, 'postgres'), [`create database ${name}`])
    await ask(atNode(target, worker, name), ['create extension citus'])
  }
  const coordinator = nodes.find(({ isCoordinator }) => isCoordinator)
  const host = coordinator?.host ?? target.hostname
  const port = coordinator?.port ?? Number(target.port)
  await ask(url, [
    'create extension if not exists citus',
    `select citus_set_coordinator_host('${host}', ${port})`,
    ...workers.map((worker) => `select citus_add_node('${worker.host}', ${worker.port})`),
    `alter database ${name} set citus.shard_count to ${shardCount}`,
  ])
  const report = await distributeDatabase(url)
  if (report.kind !== 'distributed') throw new Error(`The cluster was not distributed: ${report.kind}`)
}

export async function dropDistributed(url: URL, nodes: readonly ClusterNode[]): Promise<void> {
  const name = url.pathname.slice(1)
  for (const worker of nodes.filter(({ isCoordinator }) => !isCoordinator)) {
    await ask(atNode(url, worker, 'postgres'), [`drop database if exists ${name} with (force)`])
  }
}

function atNode(url: URL, { host, port }: ClusterNode, database: string): string {
  const node = new URL(url)
  node.hostname = host
  node.port = String(port)
  node.pathname = `/${database}`
  return node.href
}

async function ask(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

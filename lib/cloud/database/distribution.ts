/**
 * Spreads the schema over a Citus cluster by tenant. Which tables, and in which order, follows from the catalogue:
 * whoever is referenced goes first. May be run again at any time; what is distributed already is left alone, so that
 * a run that was interrupted is simply repeated.
 */

import pg from 'pg'
import { migrationLock } from './migrate'
import { referenceTables } from './row-rights'

export interface TableFacts {
  readonly name: string
  /** Other tables that its foreign keys point to. */
  readonly references: readonly string[]
  readonly isDistributed: boolean
}

export type DistributionReport =
  | { readonly kind: 'no-citus'; readonly server: string }
  /** Installed, but not among the libraries that the server loads when it starts. */
  | { readonly kind: 'not-loaded'; readonly server: string }
  | { readonly kind: 'not-migrated' }
  | { readonly kind: 'distributed'; readonly tables: readonly string[]; readonly present: number }

/** The table that every other is colocated with. */
const firstTable = 'tenants'

/** Statements in order. Throws when foreign keys go in a circle, which no order can satisfy. */
export function distributionPlan(tables: readonly TableFacts[]): readonly string[] {
  const ordered = parentsFirst(tables)
  return ordered
    .filter(({ isDistributed }) => !isDistributed)
    .flatMap(({ name }) =>
      referenceTables.includes(name)
        ? [`select create_reference_table('${name}')`]
        : [
            `select create_distributed_table('${name}', 'tenant', colocate_with => '${name === firstTable ? 'none' : firstTable}')`,
          ],
    )
}

function parentsFirst(tables: readonly TableFacts[]): readonly TableFacts[] {
  const ordered: TableFacts[] = []
  const isPlaced = (name: string): boolean => ordered.some((table) => table.name === name)
  let waiting = [...tables].sort(
    (left, right) => rankOf(left.name) - rankOf(right.name) || byName(left, right),
  )
  while (waiting.length > 0) {
    const ready = waiting.filter(({ name, references }) =>
      references.every((parent) => parent === name || isPlaced(parent)),
    )
    if (ready.length === 0)
      throw new Error(`Foreign keys go in a circle among ${waiting.map(({ name }) => name).join(', ')}`)
    ordered.push(...ready)
    waiting = waiting.filter((table) => !ready.includes(table))
  }
  return ordered
}

/** Tables of every node first, then the one that the others are colocated with. */
const rankOf = (name: string): number => (referenceTables.includes(name) ? 0 : name === firstTable ? 1 : 2)
const byName = (left: TableFacts, right: TableFacts): number => (left.name < right.name ? -1 : 1)

/** Needs a user that owns the tables. Nobody may use the tables meanwhile: stop the application first. */
export async function distributeDatabase(adminUrl: string): Promise<DistributionReport> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'outpost-distribute' })
  await client.connect()
  try {
    const server = await client.query<{ version: string; available: boolean; installed: boolean }>(`
      select current_setting('server_version') as version,
        exists (select from pg_available_extensions where name = 'citus') as available,
        exists (select from pg_extension where extname = 'citus') as installed`)
    const { version = '', available = false, installed = false } = server.rows[0] ?? {}
    if (!available) return { kind: 'no-citus', server: version }
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    if (!installed && !(await createExtension(client))) return { kind: 'not-loaded', server: version }
    const tables = await readTables(client)
    if (!tables.some(({ name }) => name === firstTable)) return { kind: 'not-migrated' }
    const statements = distributionPlan(tables)
    for (const statement of statements) await client.query(statement)
    const fresh = tables.filter(({ isDistributed }) => !isDistributed).map(({ name }) => name)
    await emptyLocalCopies(client)
    await prepareRoles(client)
    return { kind: 'distributed', tables: fresh, present: tables.length }
  } finally {
    await client.end()
  }
}

async function createExtension(client: pg.Client): Promise<boolean> {
  try {
    await client.query('create extension citus')
    return true
  } catch (error) {
    // It has no code of its own for this.
    if (error instanceof Error && error.message.includes('shared_preload_libraries')) return false
    throw error
  }
}

/** Tables that hold a tenant's rows, whoever is referenced first. */
export async function tenantTablesInOrder(client: pg.ClientBase): Promise<readonly string[]> {
  const { rows } = await client.query<Omit<TableFacts, 'isDistributed'>>(`
    select c.relname::text as name, ${referencesOf} as "references"
    from pg_class c
    where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and c.relname !~ '_[0-9]{6,}$'
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant' and not a.attisdropped)`)
  const known = new Set(rows.map(({ name }) => name))
  const tables = rows.map(({ name, references }) => ({
    ...{ name, isDistributed: false },
    references: references.filter((parent) => known.has(parent)),
  }))
  return parentsFirst(tables).map(({ name }) => name)
}

const referencesOf = `array(select distinct p.relname::text from pg_constraint k join pg_class p on p.oid = k.confrelid
        where k.conrelid = c.oid and k.contype = 'f')`

async function readTables(client: pg.Client): Promise<readonly TableFacts[]> {
  const { rows } = await client.query<{ name: string; references: string[]; isDistributed: boolean }>(
    `
    select c.relname::text as name, ${referencesOf} as "references",
      exists (select from pg_dist_partition d where d.logicalrelid = c.oid) as "isDistributed"
    from pg_class c
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
      and (c.relname = any($1) or exists (
        select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant' and not a.attisdropped))
      and not exists (select from pg_dist_shard s where c.relname = s.logicalrelid::text || '_' || s.shardid)`,
    [referenceTables],
  )
  return rows
}

/** The rows that were there before lie on their nodes now; what is left of them here is never read again. */
async function emptyLocalCopies(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ table: string }>(
    'select logicalrelid::text as table from pg_dist_partition where pg_relation_size(logicalrelid) > 0',
  )
  for (const { table } of rows)
    await client.query('select truncate_local_data_after_distributing_table($1::regclass)', [table])
}

/**
 * Row-level security on the nodes needs the tenant that a transaction names, and nodes are reached as the role that a
 * session acts as, so that role has to be allowed to connect (it still has no password; see docs/ledger.md).
 */
async function prepareRoles(client: pg.Client): Promise<void> {
  await client.query(`
    do $$ begin
      execute format('alter database %I set citus.propagate_set_commands to %L', current_database(), 'local');
    end $$`)
  await client.query('alter role outpost_app login')
  await client.query('alter role outpost_retention login')
}

/**
 * Brings a database to the present schema: plain SQL, applied in order in one transaction under an advisory lock, each
 * recorded with the digest of its text. Any number of processes may call it at the same time.
 */

import { createHash } from 'node:crypto'
import pg from 'pg'
import { migrations, type Migration } from './migrations/all'
import { statementsOf } from './statements'

/** Arbitrary, but the same in every process: names the lock under which migrations run. */
export const migrationLock = 7_236_401

export interface MigrationReport {
  readonly applied: readonly string[]
  readonly present: number
}

/** Rejects with one plain sentence when the database was migrated by another version of this program. */
export async function migrateDatabase(
  adminUrl: string,
  steps: readonly Migration[] = migrations,
): Promise<MigrationReport> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'outpost-migrate' })
  await client.connect()
  try {
    await client.query('begin')
    await client.query('select pg_advisory_xact_lock($1)', [migrationLock])
    await client.query(
      'create table if not exists outpost_migrations (id text primary key, digest text not null, applied_at timestamptz not null default now())',
    )
    const known = await client.query<{ id: string; digest: string }>(
      'select id, digest from outpost_migrations',
    )
    const digests = new Map(known.rows.map((row) => [row.id, row.digest]))
    const applied: string[] = []
    for (const migration of steps) {
      if (isApplied(migration, digests)) continue
      for (const statement of statementsOf(migration.sql)) await client.query(statement)
      await client.query('insert into outpost_migrations (id, digest) values ($1, $2)', [
        migration.id,
        digestOf(migration),
      ])
      applied.push(migration.id)
    }
    await client.query('commit')
    return { applied, present: steps.length }
  } finally {
    await client.end()
  }
}

/** Its message is one plain sentence for whoever runs the program. */
export class MigrationMismatch extends Error {
  override readonly name = 'MigrationMismatch'
}

const digestOf = (migration: Migration): string => createHash('sha256').update(migration.sql).digest('hex')

function isApplied(migration: Migration, digests: ReadonlyMap<string, string>): boolean {
  const digest = digests.get(migration.id)
  if (digest === undefined) return false
  if (digest !== digestOf(migration)) {
    throw new MigrationMismatch(
      `Migration ${migration.id} in the database differs from this program's; they do not belong together.`,
    )
  }
  return true
}

/**
 * The pool of connections that commands and queries use. They act as the role `outpost_app`, which cannot change or
 * delete money rows, and see only the rows of the tenant that their transaction names.
 */

import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import type { OperatorId } from '@/lib/core/ids'
import type { Result } from '@/lib/core/result'
import { actingOrganisation } from './organisation-scope'
import type { Schema } from './schema'

export type Database = Kysely<Schema>
/** A transaction that belongs to one tenant. */
export type TenantTransaction = Transaction<Schema>

export const appRole = 'outpost_app'
const connectionsMax = 16
/** A statement that takes longer than this is a fault; the largest batch takes under a second. */
const statementTimeoutMs = 30_000

const int8TypeId = 20
type TypeParser = (text: string) => unknown

/** Money, counts and times fit a safe integer by their constraints; anything else must not be rounded in silence. */
function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value))
    throw new RangeError(`The database holds ${text}, which is not a safe integer`)
  return value
}

const types = {
  getTypeParser: (typeId: number, format?: 'text' | 'binary'): TypeParser =>
    typeId === int8TypeId && format !== 'binary'
      ? safeInteger
      : (pg.types.getTypeParser(typeId, format as 'text') as TypeParser),
}

/** `role` is what the connections act as; the application's own unless said otherwise. */
export function openDatabase(
  url: string,
  options: { readonly connections?: number; readonly role?: string } = {},
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections ?? connectionsMax,
    options: `-c role=${options.role ?? appRole} -c statement_timeout=${statementTimeoutMs} -c plan_cache_mode=force_custom_plan -c citus.propagate_set_commands=local`,
    types: types as unknown as pg.CustomTypesConfig,
    application_name: 'outpost',
  })
  // A connection that the server drops is replaced at the next use. Without listeners it would end the process: an idle
  // one tells the pool, one in use tells nobody else, and its query fails by itself.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
}

/** Runs `work` in one transaction of one tenant. A refusal as result rolls back everything that `work` wrote. */
export async function transact<T, E>(
  db: Database,
  tenant: OperatorId,
  work: (tx: TenantTransaction) => Promise<Result<T, E>>,
): Promise<Result<T, E>> {
  try {
    return await inTenant(db, tenant, async (tx) => {
      const result = await work(tx)
      if (!result.ok) throw new RolledBack(result)
      return result
    })
  } catch (error) {
    if (error instanceof RolledBack) return error.result as Result<T, E>
    throw error
  }
}

/**
 * Like `transact` for work that cannot be refused; also for reading several tables at one moment. `work` runs again
 * when PostgreSQL ends one of two transactions that wait for each other, so it may do nothing but use `tx`.
 */
export async function inTenant<T>(
  db: Database,
  tenant: OperatorId,
  work: (tx: TenantTransaction) => Promise<T>,
): Promise<T> {
  for (let retry = 0; ; retry += 1) {
    try {
      return await db.transaction().execute(async (tx) => {
        await nameTenant(tx, tenant)
        return work(tx)
      })
    } catch (error) {
      if (!isContention(error) || retry === contentionRetriesMax) throw error
    }
  }
}

/**
 * Row-level security reads this setting. As a command and not as a function, because Citus passes only commands on to
 * its nodes; an operator id holds nothing that could leave the quotes.
 */
async function nameTenant(tx: TenantTransaction, tenant: OperatorId): Promise<void> {
  await sql`set local app.tenant = ${sql.lit(tenant)}`.execute(tx)
  const organisation = actingOrganisation()
  if (organisation !== undefined) await sql`set local app.organisation = ${sql.lit(organisation)}`.execute(tx)
}

/**
 * For what concerns all organisations alike, such as whether a card's number is free: within `work` the transaction sees
 * their rows too. Nothing of them may reach whoever asks but yes or no.
 */
export async function acrossOrganisations<T>(tx: TenantTransaction, work: () => Promise<T>): Promise<T> {
  const organisation = actingOrganisation()
  if (organisation === undefined) return work()
  await sql`set local app.organisation = ''`.execute(tx)
  const done = await work()
  await sql`set local app.organisation = ${sql.lit(organisation)}`.execute(tx)
  return done
}

/** Deadlock and serialization failure. */
const contentionCodes = ['40P01', '40001']
const contentionRetriesMax = 5

const isContention = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  contentionCodes.includes(String(error.code))

/** Whether a row with this key is there already; the transaction has failed then, back to its last savepoint. */
export const isKeyTaken = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === '23505'

class RolledBack extends Error {
  constructor(readonly result: unknown) {
    super('rolled back')
  }
}

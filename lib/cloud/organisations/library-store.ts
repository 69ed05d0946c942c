/**
 * Where the library of organisations keeps its rows: our own tables, by the transaction of the caller, so that a change
 * and its audit line are one, and each row belongs to one tenant. Translates names, and times between the machine's
 * clock, which the library reads, and the cloud's.
 */

import { AsyncLocalStorage } from 'node:async_hooks'
import { createAdapterFactory, type CleanedWhere } from 'better-auth/adapters'
import { sql, type RawBuilder } from 'kysely'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import { randomId } from '../secrets'

interface Caller {
  readonly cloud: Cloud
  readonly tx: TenantTransaction
}

const callers = new AsyncLocalStorage<Caller>()

/** Everything that the library does in `work` happens in this transaction. */
export const asCaller = <T>(cloud: Cloud, tx: TenantTransaction, work: () => Promise<T>): Promise<T> =>
  callers.run({ cloud, tx }, work)

function caller(): Caller {
  const found = callers.getStore()
  if (found === undefined) throw new Error('The library of organisations was called outside a transaction')
  return found
}

interface Model {
  readonly table: string
  /** The library's field → our column. */
  readonly columns: Readonly<Record<string, string>>
}

const models: Readonly<Record<string, Model>> = {
  user: {
    table: 'console_people',
    columns: { id: 'account_id', name: 'name', email: 'email', createdAt: 'created_at_s' },
  },
  organization: {
    table: 'organisations',
    columns: { id: 'organisation_id', name: 'name', slug: 'slug', createdAt: 'created_at_s', kind: 'kind' },
  },
  member: {
    table: 'organisation_members',
    columns: {
      id: 'member_id',
      organizationId: 'organisation_id',
      userId: 'account_id',
      role: 'role',
      createdAt: 'created_at_s',
    },
  },
  invitation: {
    table: 'organisation_invitations',
    columns: {
      id: 'invitation_id',
      organizationId: 'organisation_id',
      email: 'email',
      role: 'role',
      status: 'status',
      inviterId: 'inviter_id',
      expiresAt: 'expires_at_s',
      createdAt: 'created_at_s',
    },
  },
}

type Row = Readonly<Record<string, unknown>>

function modelOf(name: string): Model {
  const model = models[name]
  if (model === undefined) throw new Error(`The library asks for a model that has no table: ${name}`)
  return model
}

const toColumn = (value: unknown, nowS: number): unknown =>
  value instanceof Date ? nowS + Math.round((value.getTime() - Date.now()) / 1_000) : value

function fromRow<T>(model: Model, row: Row, nowS: number): T {
  const fields = Object.entries(model.columns).map(([field, column]) => [
    field,
    column.endsWith('_at_s') ? new Date(Date.now() + (Number(row[column]) - nowS) * 1_000) : row[column],
  ])
  return Object.fromEntries(fields) as T
}

function columnOf(model: Model, field: string): string {
  const column = model.columns[field]
  if (column === undefined) throw new Error(`The library asks for a field that has no column: ${field}`)
  return column
}

/** Only what the library uses; anything else is refused rather than guessed. */
function condition(model: Model, where: CleanedWhere, nowS: number): RawBuilder<unknown> {
  if (where.connector !== 'AND') throw new Error('The library asks for an alternative')
  const column = sql.ref(columnOf(model, where.field))
  const value = toColumn(where.value, nowS)
  if (where.operator === 'eq') return sql`${column} = ${value}`
  if (where.operator === 'in') return sql`${column} = any(${value}::text[])`
  throw new Error(`The library compares by ${where.operator}`)
}

function conditions(model: Model, where: readonly CleanedWhere[]): RawBuilder<unknown> {
  const { cloud } = caller()
  const parts = where.map((one) => condition(model, one, cloud.clock.nowS()))
  return sql.join([sql`tenant = ${cloud.config.tenant}`, ...parts], sql` and `)
}

function assignments(model: Model, change: Row): RawBuilder<unknown> {
  const nowS = caller().cloud.clock.nowS()
  return sql.join(
    Object.entries(change)
      .filter(([field]) => field in model.columns)
      .map(([field, value]) => sql`${sql.ref(columnOf(model, field))} = ${toColumn(value, nowS)}`),
  )
}

async function rows<T>(model: Model, query: RawBuilder<unknown>): Promise<T[]> {
  const { cloud, tx } = caller()
  const { rows: found } = await (query as RawBuilder<Row>).execute(tx)
  return found.map((row) => fromRow<T>(model, row, cloud.clock.nowS()))
}

async function insert<T extends object>(name: string, data: T): Promise<T> {
  const { cloud } = caller()
  const model = modelOf(name)
  const known = Object.entries(data).filter(([field, value]) => field in model.columns && value !== undefined)
  const names = [sql.ref('tenant'), ...known.map(([field]) => sql.ref(columnOf(model, field)))]
  const values = [cloud.config.tenant, ...known.map(([, value]) => toColumn(value, cloud.clock.nowS()))]
  const [written] = await rows<T>(
    model,
    sql`insert into ${sql.table(model.table)} (${sql.join(names)}) values (${sql.join(values)}) returning *`,
  )
  if (written === undefined) throw new Error(`Nothing was written to ${model.table}`)
  return written
}

async function change<T>(name: string, where: readonly CleanedWhere[], update: Row): Promise<T[]> {
  // Which organisation somebody looks at is the page's own affair: there are no sessions of the library.
  if (name === 'session') return []
  const model = modelOf(name)
  return rows<T>(
    model,
    sql`update ${sql.table(model.table)} set ${assignments(model, update)}
      where ${conditions(model, where)} returning *`,
  )
}

async function find<T>(
  name: string,
  where: readonly CleanedWhere[],
  limit: number,
  offset = 0,
): Promise<T[]> {
  const model = modelOf(name)
  return rows<T>(
    model,
    sql`select * from ${sql.table(model.table)} where ${conditions(model, where)}
      order by created_at_s, ${sql.ref(columnOf(model, 'id'))} limit ${limit} offset ${offset}`,
  )
}

async function remove(name: string, where: readonly CleanedWhere[]): Promise<number> {
  const model = modelOf(name)
  const gone = await rows(
    model,
    sql`delete from ${sql.table(model.table)} where ${conditions(model, where)} returning *`,
  )
  return gone.length
}

export const libraryStore = createAdapterFactory({
  config: {
    adapterId: 'outpost',
    customIdGenerator: () => randomId(caller().cloud.random),
    // The caller's transaction holds everything already.
    transaction: false,
  },
  adapter: () => ({
    create: ({ modelKey, model, data }) => insert(modelKey ?? model, data),
    update: async <T>({ modelKey, model, where, update }: Change) =>
      (await change<T>(modelKey ?? model, where, update as Row))[0] ?? null,
    updateMany: async ({ modelKey, model, where, update }) =>
      (await change(modelKey ?? model, where, update)).length,
    findOne: async <T>({ modelKey, model, where }: Question) =>
      (await find<T>(modelKey ?? model, where, 1))[0] ?? null,
    findMany: <T>({ modelKey, model, where, limit, offset }: Page) =>
      find<T>(modelKey ?? model, where ?? [], limit, offset),
    delete: async ({ modelKey, model, where }) => {
      await remove(modelKey ?? model, where)
    },
    deleteMany: ({ modelKey, model, where }) => remove(modelKey ?? model, where),
    count: async ({ modelKey, model, where }) =>
      (await find(modelKey ?? model, where ?? [], countMost)).length,
  }),
})

interface Question {
  readonly model: string
  readonly modelKey?: string | undefined
  readonly where: CleanedWhere[]
}
interface Page extends Omit<Question, 'where'> {
  readonly where?: CleanedWhere[] | undefined
  readonly limit: number
  readonly offset?: number | undefined
}
interface Change extends Question {
  readonly update: unknown
}

/** More than any limit that the library compares a count with. */
const countMost = 1_000

/** Puts a tenant back from a backup, whole or not at all, into a database of its region that does not know it yet. */

import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Decrypter } from 'age-encryption'
import pg from 'pg'
import { operatorId, type OperatorId } from '@/lib/core/ids'
import { tenantTablesInOrder } from '../database/distribution'
import { BackupFailure, backupEnd, backupHead, backupTable, type BackupHead } from './backup-format'

export interface RestoreOrder {
  readonly adminUrl: string
  readonly path: string
  /** AGE-SECRET-KEY-1… */
  readonly identity: string
}

export interface RestoredBackup {
  readonly tenant: OperatorId
  readonly rows: number
}

const rowsAtOnce = 500

/** Throws `BackupFailure`; then nothing was written. */
export async function restoreBackup({ adminUrl, path, identity }: RestoreOrder): Promise<RestoredBackup> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'outpost-restore' })
  await client.connect()
  try {
    await client.query('begin')
    const restored = await restoreLines(client, await linesOf(path, identity))
    await client.query('commit')
    return restored
  } finally {
    await client.end()
  }
}

async function linesOf(path: string, identity: string): Promise<AsyncIterable<string>> {
  const decrypter = new Decrypter()
  try {
    decrypter.addIdentity(identity.trim())
  } catch {
    throw new BackupFailure('An identity is a secret key of age, one line that begins with AGE-SECRET-KEY-1.')
  }
  const sealed = Readable.toWeb(createReadStream(path)) as unknown as ReadableStream<Uint8Array>
  const plain = await decrypter.decrypt(sealed).catch((error: unknown) => {
    throw new BackupFailure(`${path} does not open with this identity: ${String(error)}`)
  })
  return textLines(Readable.from(chunksOf(plain)), path)
}

async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}

/** A stream that breaks off must end the loop, which `readline` alone does not tell of. */
async function* textLines(packed: Readable, path: string): AsyncGenerator<string> {
  let failure: unknown
  const plain = createGunzip()
  const lines = createInterface({ input: plain, crlfDelay: Infinity })
  const flowing = pipeline(packed, plain).catch((error: unknown) => {
    failure = error
    lines.close()
  })
  const damaged = (error: unknown) => new BackupFailure(`${path} is damaged: ${String(error)}`)
  const each = lines[Symbol.asyncIterator]()
  for (;;) {
    const next = await each.next().catch((error: unknown) => {
      throw damaged(error)
    })
    if (next.done === true) break
    yield next.value
  }
  await flowing
  if (failure !== undefined) throw damaged(failure)
}

async function restoreLines(client: pg.Client, lines: AsyncIterable<string>): Promise<RestoredBackup> {
  let head: BackupHead | undefined
  let filler: Filler | undefined
  let isEnded = false
  for await (const line of lines) {
    if (isEnded) throw new BackupFailure('Something stands behind the end of the backup.')
    if (head === undefined) {
      head = readControl(backupHead, line)
      await mustFit(client, head)
      filler = new Filler(client, await tenantTablesInOrder(client))
    } else if (filler === undefined) throw new BackupFailure('The backup has no head.')
    else if (!line.startsWith('#')) await filler.add(line)
    else if (line.startsWith('#{"table"')) await filler.begin(readControl(backupTable, line).table)
    else {
      await filler.finish(readControl(backupEnd, line).rows)
      isEnded = true
    }
  }
  if (head === undefined || filler === undefined || !isEnded)
    throw new BackupFailure('The backup was cut short.')
  return { tenant: operatorId(head.tenant), rows: filler.rows }
}

function readControl<T>(
  shape: { safeParse(value: unknown): { success: boolean; data?: T } },
  line: string,
): T {
  const read = shape.safeParse(line.startsWith('#') ? parsed(line.slice(1)) : undefined)
  if (!read.success || read.data === undefined) throw new BackupFailure('This is no backup of Outpost.')
  return read.data
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function mustFit(client: pg.Client, head: BackupHead): Promise<void> {
  const steps = await client.query<{ id: string }>('select id from outpost_migrations order by id')
  if (steps.rows.map(({ id }) => id).join() !== head.migrations.join())
    throw new BackupFailure(
      'The backup and this database have different schemas: restore with the program that made it, then migrate.',
    )
  const here = await client.query<{ region: string }>('select region from regions_here')
  const standing = here.rows[0]?.region
  if (head.region !== null && head.region !== standing)
    throw new BackupFailure(
      `This data stays in ${head.region}, and this database ${standing === undefined ? 'has not said where it stands' : `stands in ${standing}`}.`,
    )
  const known = await client.query('select 1 from tenants where tenant = $1', [head.tenant])
  if (known.rows.length > 0) throw new BackupFailure(`${head.tenant} is in this database already.`)
}

/** Writes rows in batches, table after table, parents first. */
class Filler {
  readonly #client: pg.Client
  readonly #tables: readonly string[]
  readonly #counts: Record<string, number> = {}
  #table: string | undefined
  #columns = ''
  #batch: string[] = []

  constructor(client: pg.Client, tables: readonly string[]) {
    this.#client = client
    this.#tables = tables
  }

  get rows(): number {
    return Object.values(this.#counts).reduce((sum, count) => sum + count, 0)
  }

  async begin(table: string): Promise<void> {
    await this.#flush()
    if (!this.#tables.includes(table)) throw new BackupFailure(`This database has no table ${table}.`)
    // Rows of one table may name each other in any order.
    const { rows: loops } = await this.#client.query<{ name: string }>(
      `select conname as name from pg_constraint where contype = 'f' and conrelid = confrelid and conrelid = $1::regclass`,
      [table],
    )
    for (const { name } of loops)
      await this.#client.query(
        `alter table ${pg.escapeIdentifier(table)} alter constraint ${pg.escapeIdentifier(name)} deferrable initially deferred`,
      )
    const { rows } = await this.#client.query<{ name: string }>(
      `select attname as name from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
      [table],
    )
    this.#columns = rows.map(({ name }) => pg.escapeIdentifier(name)).join(', ')
    this.#table = table
    this.#counts[table] = 0
  }

  async add(line: string): Promise<void> {
    this.#batch.push(line)
    if (this.#batch.length >= rowsAtOnce) await this.#flush()
  }

  /** Says no unless every row that was backed up has come. */
  async finish(counted: Readonly<Record<string, number>>): Promise<void> {
    await this.#flush()
    const differing = [...new Set([...Object.keys(counted), ...Object.keys(this.#counts)])].filter(
      (table) => counted[table] !== this.#counts[table],
    )
    if (differing.length > 0) throw new BackupFailure(`Rows are missing of ${differing.join(', ')}.`)
    const { rows: loops } = await this.#client.query<{ table: string; name: string }>(
      `select conrelid::regclass::text as table, conname as name from pg_constraint
       where contype = 'f' and conrelid = confrelid and condeferrable`,
    )
    await this.#client.query('set constraints all immediate')
    for (const { table, name } of loops)
      await this.#client.query(
        `alter table ${table} alter constraint ${pg.escapeIdentifier(name)} not deferrable`,
      )
  }

  async #flush(): Promise<void> {
    if (this.#batch.length === 0) return
    if (this.#table === undefined) throw new BackupFailure('A row stands before its table.')
    const rows = `[${this.#batch.join(',')}]`
    this.#counts[this.#table] = (this.#counts[this.#table] ?? 0) + this.#batch.length
    this.#batch = []
    const name = pg.escapeIdentifier(this.#table)
    await this.#client.query(
      `insert into ${name} (${this.#columns}) select ${this.#columns} from jsonb_populate_recordset(null::${name}, $1::jsonb)`,
      [rows],
    )
  }
}

/** All rows of one tenant, as they stood at one moment, sealed, into a folder that belongs to the tenant's region. */

import { createWriteStream, existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { Encrypter } from 'age-encryption'
import pg from 'pg'
import type { OperatorId } from '@/lib/core/ids'
import { tenantTablesInOrder } from '../database/distribution'
import { BackupFailure, backupFormat, type BackupHead } from './backup-format'

/** Says in the clear which region a folder of backups stands in; put there by whoever mounts it. */
export const regionMark = 'outpost-region'

export interface BackupOrder {
  readonly adminUrl: string
  readonly tenant: OperatorId
  readonly folder: string
  /** age1… */
  readonly recipient: string
  readonly nowS: number
}

export interface WrittenBackup {
  readonly path: string
  readonly rows: number
}

const rowsAtOnce = 2_000

/** Throws `BackupFailure`; then there is no file. */
export async function writeBackup(order: BackupOrder): Promise<WrittenBackup> {
  const { adminUrl, tenant, folder, recipient, nowS } = order
  const encrypter = new Encrypter()
  try {
    encrypter.addRecipient(recipient)
  } catch {
    throw new BackupFailure('A recipient is a public key of age, such as age1…; age-keygen makes one.')
  }
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'outpost-backup' })
  await client.connect()
  try {
    await client.query('begin transaction isolation level repeatable read read only')
    const head = await headOf(client, tenant, nowS)
    mustStandIn(folder, head.region)
    const stamp = new Date(nowS * 1_000).toISOString().replaceAll(/[-:]|\.\d+/g, '')
    const path = join(folder, `${tenant}-${head.region ?? 'anywhere'}-${stamp}.outpost.age`)
    if (existsSync(path)) throw new BackupFailure(`${path} is there already.`)
    const counts: Record<string, number> = {}
    const plain = Readable.from(linesOf(client, head, counts)).pipe(createGzip())
    const sealed = await encrypter.encrypt(Readable.toWeb(plain) as unknown as ReadableStream<Uint8Array>)
    await writeWhole(path, sealed)
    return { path, rows: Object.values(counts).reduce((sum, count) => sum + count, 0) }
  } finally {
    await client.end()
  }
}

async function headOf(client: pg.Client, tenant: OperatorId, nowS: number): Promise<BackupHead> {
  const found = await client.query<{ region: string | null }>(
    'select region from tenants where tenant = $1',
    [tenant],
  )
  const [row] = found.rows
  if (row === undefined) throw new BackupFailure(`There is no tenant ${tenant} in this database.`)
  const steps = await client.query<{ id: string }>('select id from outpost_migrations order by id')
  const migrations = steps.rows.map(({ id }) => id)
  return { format: backupFormat, tenant, region: row.region, madeAtS: nowS, migrations }
}

/** A folder says itself where it stands, so that a wrong mount or a wrong word cannot carry data out of its region. */
function mustStandIn(folder: string, region: string | null): void {
  if (region === null) return
  const mark = join(folder, regionMark)
  const standing = existsSync(mark) ? readFileSync(mark, 'utf8').trim() : undefined
  if (standing === region) return
  throw new BackupFailure(
    standing === undefined
      ? `${folder} does not say where it stands. If it stands in ${region}, write that word into ${mark}.`
      : `${folder} stands in ${standing}, and this data stays in ${region}.`,
  )
}

async function* linesOf(
  client: pg.Client,
  head: BackupHead,
  counts: Record<string, number>,
): AsyncGenerator<string> {
  yield `#${JSON.stringify(head)}\n`
  for (const table of await tenantTablesInOrder(client)) {
    yield `#${JSON.stringify({ table })}\n`
    counts[table] = 0
    const name = pg.escapeIdentifier(table)
    await client.query(
      `declare rows_of_it no scroll cursor for select row_to_json(t)::text as line from ${name} t
       where t.tenant = ${pg.escapeLiteral(head.tenant)}`,
    )
    for (;;) {
      const { rows } = await client.query<{ line: string }>(`fetch ${rowsAtOnce} from rows_of_it`)
      if (rows.length === 0) break
      counts[table] += rows.length
      yield rows.map(({ line }) => `${line}\n`).join('')
    }
    await client.query('close rows_of_it')
  }
  yield `#${JSON.stringify({ rows: counts })}\n`
}

/** Beside its place first: half a backup never has a backup's name. */
async function writeWhole(path: string, content: ReadableStream<Uint8Array>): Promise<void> {
  const partial = `${path}.partial`
  try {
    const from = Readable.fromWeb(content as unknown as Parameters<typeof Readable.fromWeb>[0])
    await pipeline(from, createWriteStream(partial, { mode: 0o600 }))
    const file = await open(partial, 'r')
    await file.sync().finally(() => file.close())
    renameSync(partial, path)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
}

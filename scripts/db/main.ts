/** `npm run db`: brings a database to the present schema, checks its rules, spreads it over a cluster, forgets. */

import { parseArgs } from 'node:util'
import pg from 'pg'
import { operatorId } from '@/lib/core/ids'
import { environmentNames } from '@/lib/cloud/config'
import { openDatabase } from '@/lib/cloud/database/connection'
import { distributeDatabase } from '@/lib/cloud/database/distribution'
import { migrateDatabase } from '@/lib/cloud/database/migrate'
import { forgetAllOld, retentionDays, retentionRole } from '@/lib/cloud/database/retention'
import { changingTables } from '@/lib/cloud/database/row-rights'
import { schemaRules } from '@/lib/cloud/database/schema-rules'
import { PlainFailure } from '../setup/plain-failure.mjs'
import { databaseAddress, notMigrated, plainly } from './database-address'
import { isKeepWord, keep, type KeepOptions, type KeepWord } from './keep'
import { openOperatorOrganisation, type OperatorOptions } from './operator'

export const usage = `npm run db -- migrate | check | distribute | clean | operator | region | backup | restore [options]
  migrate             brings the database to the present schema; any number of processes may do it at once
  check               holds the schema to its rules (docs/ledger.md), each with what breaks it
  distribute          spreads the tables over a Citus cluster by tenant; stop the application meanwhile
  clean               deletes what has served its time: uploads after ${retentionDays.inbox} days, rubbish after ${retentionDays.quarantine},
                      evidence of settled sessions after ${retentionDays.evidence}; never a money row
  operator            opens the operator's own organisation and invites its first owner; again until somebody has joined
  region NAME         says once where the database stands; tenants that name a region are kept in no other
  backup              writes all rows of a tenant, sealed by age, into a folder of its region
  restore             puts a tenant back into a database that does not know it
  --to FOLDER         of "backup"
  --recipient KEY     of "backup": age1…, whoever may open it; OUTPOST_BACKUP_RECIPIENT otherwise
  --from FILE         of "restore"
  --identity FILE     of "restore": holds the AGE-SECRET-KEY-1… that opens it
  --owner MAIL        of "operator": who is invited
  --name NAME         of "operator": what people read of it; the tenant's name otherwise
  --database-url URL  instead of DATABASE_ADMIN_URL, DATABASE_URL or the embedded database
  --tenant NAME       whose rows "clean" looks at; OUTPOST_TENANT otherwise`

type Environment = Readonly<Record<string, string | undefined>>
type Command = (url: string, tenant: string) => Promise<number>

const print = (text: string): void => void process.stdout.write(`${text}\n`)
const complain = (text: string): void => void process.stderr.write(`${text}\n`)

/** Gives the exit code. */
export async function database(args: readonly string[], env: Environment): Promise<number> {
  const options = read(args)
  if (options === undefined) {
    complain(usage)
    return 1
  }
  if (options.command === 'operator') return openOperatorOrganisation(options, env)
  const url = databaseAddress(options.url, env, { asAdmin: true })
  const tenant = options.tenant ?? env[environmentNames.tenant] ?? 'outpost'
  if (typeof options.command === 'function') return options.command(url, tenant).catch(plainly)
  return keep(options.command, { ...options.keeping, url, tenant: operatorId(tenant) }, env).catch(plainly)
}

const commands: Readonly<Record<string, Command>> = { migrate, check, distribute, clean }

interface Options extends OperatorOptions {
  readonly command: Command | 'operator' | KeepWord
  readonly tenant?: string | undefined
  readonly keeping: KeepOptions
}

function read(args: readonly string[]): Options | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        ...{ 'database-url': { type: 'string' }, tenant: { type: 'string' } },
        ...{ owner: { type: 'string' }, name: { type: 'string' } },
        ...{ to: { type: 'string' }, recipient: { type: 'string' } },
        ...{ from: { type: 'string' }, identity: { type: 'string' } },
      },
      allowPositionals: true,
    })
    const [word = '', region] = positionals
    const command = word === 'operator' || isKeepWord(word) ? word : commands[word]
    if (positionals.length !== (word === 'region' ? 2 : 1) || command === undefined) return undefined
    const { 'database-url': url, tenant, owner, name, ...places } = values
    return { command, url, tenant, owner, name, keeping: { ...places, region } }
  } catch {
    return undefined
  }
}

async function migrate(url: string): Promise<number> {
  const { applied, present } = await migrateDatabase(url)
  print(
    applied.length === 0
      ? `Nothing to do: all ${present} steps are there.`
      : `Applied ${applied.join(', ')}; ${present} steps in all.`,
  )
  return 0
}

async function check(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, application_name: 'outpost-check' })
  await client.connect()
  try {
    const { rows: found } = await client.query<{ has_tables: boolean }>(
      `select to_regclass('public.outpost_migrations') is not null as has_tables`,
    )
    if (found[0]?.has_tables !== true) throw new PlainFailure(notMigrated)
    let broken = 0
    for (const rule of schemaRules) {
      const { rows } = await client.query<{ broken: string }>(rule.sql)
      if (rows.length > 0) broken += 1
      print(`${rows.length === 0 ? 'ok    ' : 'BROKEN'}  ${rule.name}`)
      for (const row of rows) print(`          ${row.broken} (${rule.why})`)
    }
    print(broken === 0 ? 'Every rule holds.' : `${broken} of ${schemaRules.length} rules are broken.`)
    print(`Rows that may change: ${Object.keys(changingTables).join(', ')}.`)
    return broken === 0 ? 0 : 1
  } finally {
    await client.end()
  }
}

async function distribute(url: string): Promise<number> {
  const report = await distributeDatabase(url)
  switch (report.kind) {
    case 'no-citus':
      complain(
        `PostgreSQL ${report.server} at this address has no Citus extension, so nothing was distributed. Install Citus on every node, or stay on one server.`,
      )
      return 2
    case 'not-loaded':
      complain(
        `PostgreSQL ${report.server} at this address has Citus but has not loaded it, so nothing was distributed. Add citus to shared_preload_libraries on every node and restart.`,
      )
      return 2
    case 'not-migrated':
      complain(notMigrated)
      return 1
    case 'distributed':
      print(
        report.tables.length === 0
          ? `Already distributed: all ${report.present} tables.`
          : `Distributed ${report.tables.length} of ${report.present} tables: ${report.tables.join(', ')}.`,
      )
      return 0
  }
}

async function clean(url: string, tenant: string): Promise<number> {
  const db = openDatabase(url, { connections: 1, role: retentionRole })
  const total = await forgetAllOld(db, operatorId(tenant), Math.floor(Date.now() / 1000)).finally(() =>
    db.destroy(),
  )
  print(
    `Deleted ${total.inboxItems} uploads, ${total.quarantinePieces} quarantined pieces, the evidence of ${total.sessions} sessions, ${total.caseEvidencePieces} pieces of cases, ${total.rosterRows} drivers and vehicles taken off their lists, and what ${total.imports} imports left behind.`,
  )
  return 0
}

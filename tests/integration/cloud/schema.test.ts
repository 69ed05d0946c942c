import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { operatorId } from '@/lib/core/ids'
import { inTenant } from '@/lib/cloud/database/connection'
import { changingTables, referenceTables } from '@/lib/cloud/database/row-rights'
import { schemaRules } from '@/lib/cloud/database/schema-rules'
import { openTestDatabase, type TestDatabase } from '../database-fixture'

let database: TestDatabase
let client: pg.Client

beforeAll(async () => {
  database = await openTestDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await database.close()
})
beforeEach(() => client.query('begin'))
afterEach(() => client.query('rollback'))

const broken = async (name: string): Promise<readonly string[]> => {
  const rule = schemaRules.find((candidate) => candidate.name === name)
  if (rule === undefined) throw new Error(`No rule "${name}"`)
  return (await client.query<{ broken: string }>(rule.sql)).rows.map((row) => row.broken)
}

test.each(schemaRules.map(({ name }) => name))('%s', async (name) => {
  expect(await broken(name)).toEqual([])
})

const soundTable = `tenant text not null, id text not null, primary key (tenant, id)`
const hidden = (table: string): string => `alter table ${table} enable row level security;
  create policy own_tenant on ${table} using (tenant = current_setting('app.tenant', true))
    with check (tenant = current_setting('app.tenant', true));`

test.each([
  ['every table holds the tenant', 'create table bad (id text primary key)', ['bad']],
  ['every table holds the tenant', 'create table bad (tenant text, id text primary key)', ['bad']],
  ['every table has a primary key', 'create table bad (tenant text not null)', ['bad']],
  [
    'every primary key, unique key and unique index holds the tenant',
    `create table bad (${soundTable}, name text); create unique index bad_name on bad (name)`,
    ['bad_name'],
  ],
  [
    'every foreign key holds the tenant on both sides',
    `create table bad (${soundTable}, other text, unique (id, tenant));
     create table child (${soundTable}, constraint child_bad foreign key (id, tenant) references bad (tenant, id))`,
    ['child_bad'],
  ],
  [
    'no sequence, serial or identity column',
    `create table bad (${soundTable}, number bigserial)`,
    ['bad_number_seq'],
  ],
  [
    'no sequence, serial or identity column',
    `create table bad (${soundTable}, number bigint generated always as identity)`,
    ['bad_number_seq', 'bad.number'],
  ],
  [
    'no trigger and no rule',
    `create table bad (${soundTable});
     create function noted() returns trigger language plpgsql as 'begin return new; end';
     create trigger bad_noted before insert on bad for each row execute function noted()`,
    ['bad_noted'],
  ],
  [
    'no trigger and no rule',
    `create table bad (${soundTable}); create rule bad_quiet as on delete to bad do instead nothing`,
    ['bad_quiet'],
  ],
  ['every table shows a tenant only its own rows', `create table bad (${soundTable})`, ['bad']],
  [
    'every table shows a tenant only its own rows',
    `create table bad (${soundTable}); alter table bad enable row level security;
     create policy everybody on bad using (true)`,
    ['bad'],
  ],
  [
    'the application owns nothing and is above nobody',
    `create table bad (${soundTable}); ${hidden('bad')}
     grant create on schema public to outpost_app; alter table bad owner to outpost_app`,
    ['bad is owned by outpost_app'],
  ],
  [
    'only tables named in row-rights.ts may change',
    `create table bad (${soundTable}); ${hidden('bad')} grant update, truncate on bad to outpost_app`,
    ['bad: truncate', 'bad: update'],
  ],
  [
    'only tables named in row-rights.ts may change',
    `create table bad (${soundTable}); ${hidden('bad')} grant update (id) on bad to outpost_app`,
    ['bad.id: update'],
  ],
] as const)('a schema that breaks "%s" is found', async (name, sql, expected) => {
  expect(await broken(name)).toEqual([])
  await client.query(sql)
  expect([...(await broken(name))].sort()).toEqual([...expected].sort())
})

test('every table that may change is there, with a reason', async () => {
  const { rows } = await client.query<{ relname: string }>(
    `select relname from pg_class where relkind in ('r','p') and relnamespace = 'public'::regnamespace`,
  )
  const names = rows.map(({ relname }) => relname)
  for (const [table, why] of Object.entries(changingTables)) {
    expect(names).toContain(table)
    expect(why.length).toBeGreaterThan(3)
  }
  for (const table of referenceTables) expect(names).toContain(table)
})

test('a transaction of one tenant neither sees nor writes another tenant’s rows', async () => {
  const [own, other] = [operatorId('own'), operatorId('other')]
  const add = (tenant: string) =>
    inTenant(database.db, own, (tx) =>
      tx.insertInto('sites').values({ tenant, site_id: 's', label: 'S' }).execute(),
    )
  await add(own)
  await expect(add(other)).rejects.toThrow(/row-level security/)
  const seen = (tenant: typeof own) =>
    inTenant(database.db, tenant, (tx) =>
      tx.selectFrom('sites').select('tenant').where('tenant', 'in', [own, other]).execute(),
    )
  expect(await seen(own)).toEqual([{ tenant: 'own' }])
  expect(await seen(other)).toEqual([])
})

/** What Citus cannot do, or what makes everybody wait for one: found by its words wherever SQL may stand. */
const forbiddenWords: readonly (readonly [RegExp, string])[] = [
  [/\b(un)?listen\s+[a-z_"]+\s*[;`'"]|\bpg_notify\b|\bnotify\s+[a-z_"]+\s*[,;`]/i, 'LISTEN and NOTIFY'],
  [/\block\s+table\b|\bin\s+(access\s+)?exclusive\s+mode\b/i, 'table locks'],
  [/\bnextval\b|\bcurrval\b|\blastval\b|\bbigserial\b|\bcreate\s+sequence\b/i, 'sequences'],
  [/\bcreate\s+(or\s+replace\s+)?(constraint\s+)?trigger\b/i, 'triggers'],
  [/\bpg_(try_)?advisory/i, 'advisory locks'],
]
/** The lock under which migrations and the distribution run; no money waits for it. */
const mayLock = ['database/migrate.ts', 'database/distribution.ts']

function sourcesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path))
}

test('no source of the cloud listens, locks tables, draws from sequences or makes triggers', () => {
  const folder = fileURLToPath(new URL('../../../lib/cloud', import.meta.url))
  const found = sourcesUnder(folder).flatMap((path) => {
    const text = readFileSync(path, 'utf8')
    return forbiddenWords
      .filter(
        ([words, what]) =>
          words.test(text) && !(what === 'advisory locks' && mayLock.some((end) => path.endsWith(end))),
      )
      .map(([, what]) => `${path.slice(folder.length + 1)}: ${what}`)
  })
  expect(found).toEqual([])
})

test('the words that are looked for are found', () => {
  const samples = [
    'listen news;',
    'lock table ledger_accounts in exclusive mode',
    "nextval('x')",
    'create trigger t',
    'pg_advisory_lock(1)',
  ]
  expect(samples.map((sample) => forbiddenWords.findIndex(([words]) => words.test(sample)))).toEqual([
    0, 1, 2, 3, 4,
  ])
})

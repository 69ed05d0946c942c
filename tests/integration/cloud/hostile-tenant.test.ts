/**
 * A member of one fleet tries everything that the consoles can do with what belongs to another: with its ids, names and
 * serials wherever a text may stand, as a person and by a key. Nothing of it is ever shown or changed. Operations and
 * tables are taken from the list and from the catalogue: new ones are tried as soon as they are there.
 */

import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { inTenant } from '@/lib/cloud/database/connection'
import { withinOrganisation } from '@/lib/cloud/database/organisation-scope'
import { everyOperation } from '@/lib/cloud/operations/every-operation'
import type { Operation } from '@/lib/cloud/operations/operation'
import { createApiKey } from '@/lib/cloud/organisations/api-keys'
import { callRoute, openRunningCloud, type Running } from './console-browser'
import { fillFleet, type FilledFleet } from './filled-fleet'
import { attempts, type Attempt } from './hostile-attempts'
import { ownedColumns, ownedRows, textsOf, type Dump, type OwnedText } from './owned-rows'
import { takes } from './schema-samples'

let running: Running
let client: pg.Client
let victim: FilledFleet
let hostile: FilledFleet
/** What nobody but the victim may ever read. */
let secrets: readonly OwnedText[]
let before: Dump

beforeAll(async () => {
  running = await openRunningCloud()
  client = new pg.Client({ connectionString: running.database.url })
  await client.connect()
  victim = await fillFleet(running.cloud, 'VIC7f3a9')
  hostile = await fillFleet(running.cloud, 'HOS2c8d1')
  before = await ownedRows(client, victim.organisationId)
  const common = new Set([
    ...textsOf(await ownedRows(client, hostile.organisationId)).map(({ text }) => text),
    ...(await operatorsTexts()),
  ])
  secrets = textsOf(before).filter(({ text }) => text.length >= 5 && !common.has(text))
})
afterAll(async () => {
  await client.end()
  await running.close()
})

/** What the operator tells everybody: its sites and chargers, and words of its own books. */
async function operatorsTexts(): Promise<readonly string[]> {
  const { rows } = await client.query<{ text: string }>(
    `select site_id as text from sites union select label from sites union select charger_id from chargers
      union select bay_label from chargers union select tenant from tenants`,
  )
  return [...rows.map(({ text }) => text), 'kinross', 'charger']
}

const ofMembers = everyOperation.filter(({ act }) => act !== 'signed-in')
/** Sends it, and gives what of the victim's stands in the answer without standing in the question. */
async function leaksOf(operation: Operation, attempt: Attempt, headers: Record<string, string>) {
  const answer = await callRoute(operation.path, { method: operation.method, headers, ...attempt })
  const asked = JSON.stringify(attempt)
  const shown = `${Buffer.from(await answer.arrayBuffer()).toString('latin1')} ${[...answer.headers.values()].join(' ')}`
  const said = secrets
    .map(({ text }) => text)
    .filter((text) => shown.includes(latin(text)) && !asked.includes(text))
  return { status: answer.status, said, cache: answer.headers.get('cache-control') }
}

const latin = (text: string): string => Buffer.from(text).toString('latin1')

const unchanged = async () => {
  const after = await ownedRows(client, victim.organisationId)
  for (const [table, rows] of Object.entries(before)) expect(after[table], table).toEqual(rows)
  expect(Object.keys(after)).toEqual(Object.keys(before))
}

test('both fleets hold something of everything that a fleet can own', async () => {
  const columns = await ownedColumns(client)
  const filled = Object.entries(before).filter(([, rows]) => rows.length > 0)
  const names = new Set(filled.map(([table]) => table))
  const empty = [...new Set(columns.map(({ table }) => table))].filter((table) => !names.has(table))
  // What no console makes by itself: it comes from strangers, from the calendar, or from the operator.
  expect(empty.filter((table) => !notMadeHere.includes(table))).toEqual([])
  expect(secrets.length).toBeGreaterThan(30)
})

const notMadeHere: readonly string[] = ['top_ups']

test('what is tried is well-formed, so that it gets as far as the question whose it is', () => {
  const broken = ofMembers.filter((operation) => {
    const [{ params, body } = { params: {}, body: {} }] = attempts(operation, secrets)
    return !takes(operation.params, params) || !takes(operation.body, body)
  })
  expect(broken.map(({ id }) => id)).toEqual([])
})

/** What the hostile one wrote itself it may read again. */
const written = new Set<string>()

async function tryAll(operation: Operation, headers: Record<string, string>, most = 1_000): Promise<void> {
  for (const attempt of attempts(operation, secrets).slice(0, most)) {
    const tried = await leaksOf(operation, attempt, headers)
    const asked = JSON.stringify(attempt)
    if (operation.method === 'POST')
      for (const { text } of secrets) if (asked.includes(text)) written.add(text)
    expect(
      tried.said.filter((text) => !written.has(text)),
      asked,
    ).toEqual([])
    expect(tried.status, asked).toBeLessThan(500)
    // An id in the address is never the hostile one's own: figures without a name must not come back either.
    if (Object.keys(attempt.params).length > 0) expect(tried.status, asked).toBeGreaterThanOrEqual(400)
    expect(tried.cache).toContain('no-store')
  }
}

const named = (method: Operation['method']) =>
  ofMembers.filter((one) => one.method === method).map((operation) => [operation.id, operation] as const)

// Reading first: nothing is excused then.
test.each(named('GET'))(
  '%s shows nothing of another fleet’s, whatever of it is named, to a person or a key',
  async (_id, operation) => {
    await tryAll(operation, { cookie: hostile.cookie })
    // Ids in the address come first.
    await tryAll(operation, await freshKey(), 6)
    await unchanged()
  },
)

test('whoever names the other fleet in the header is told nothing and changes nothing', async () => {
  const headers = { cookie: hostile.cookie, 'outpost-organisation': victim.organisationId }
  for (const operation of ofMembers) {
    const [attempt] = attempts(operation, secrets)
    if (attempt === undefined) throw new Error('unreachable')
    const { status, said } = await leaksOf(operation, attempt, headers)
    expect([operation.id, status, said]).toEqual([operation.id, 403, []])
  }
  await unchanged()
})

test.each(named('POST'))(
  '%s changes nothing of another fleet’s and tells nothing, whatever of it is named',
  async (_id, operation) => {
    await tryAll(operation, { cookie: hostile.cookie })
    await unchanged()
  },
)

test('what the hostile one has written by then brings nothing of the other’s into its lists', async () => {
  for (const [, operation] of named('GET')) await tryAll(operation, { cookie: hostile.cookie })
})

/** Of the hostile fleet, whatever its requests say whom they act for. */
async function freshKey(): Promise<Record<string, string>> {
  const { organisationId, ownerId: author } = hostile
  const order = { organisationId, author, name: 'reader', role: 'manager', days: 1 } as const
  const { keyId, secret } = expectOk(await createApiKey(running.cloud, order), 'key')
  await client.query(
    'update api_keys set revoked_at_s = 1 where key_id <> $1 and organisation_id = $2 and name = $3',
    [keyId, organisationId, 'reader'],
  )
  return { authorization: `Bearer ${secret}`, 'outpost-organisation': victim.organisationId }
}

test('somebody else’s account and a driver’s routes give nothing of a fleet’s either', async () => {
  const sessions = (before['charging_sessions'] ?? []).map((row) => String(row['session_id']))
  expect(sessions.length).toBeGreaterThan(0)
  for (const sessionId of sessions) {
    const body = { sessionId, reason: 'amount', note: '' }
    const answer = await callRoute('/account/disputes', { headers: { cookie: hostile.cookie }, body })
    expect(answer.status).toBeGreaterThanOrEqual(400)
  }
  const ids = secrets.filter(({ columns }) => [...columns].some((column) => column.endsWith('_id')))
  for (const { columns, text } of ids) {
    const params = { topUpId: text }
    for (const path of ['/fleet/top-up/{topUpId}', '/account/top-up/{topUpId}']) {
      const answer = await callRoute(path, { method: 'GET', params, headers: { cookie: hostile.cookie } })
      expect(answer.status, [...columns].join()).toBeGreaterThanOrEqual(400)
    }
  }
  await unchanged()
})

test('every table that names a fleet hides its rows from transactions of another', async () => {
  const { rows } = await client.query<{ table: string }>(
    `select c.relname::text as "table" from pg_policy p join pg_class c on c.oid = p.polrelid
      where not p.polpermissive and pg_get_expr(p.polqual, p.polrelid) like '%app.organisation%'`,
  )
  const restricted = rows.map(({ table }) => table)
  const columns = await ownedColumns(client)
  expect(columns.length).toBeGreaterThan(10)
  const open = [...new Set(columns.map(({ table }) => table))].filter((table) => !restricted.includes(table))
  expect(open).toEqual([])
})

test('a transaction that acts for one fleet sees no row of another, in no table', async () => {
  const { cloud } = running
  const seen: string[] = []
  let own = 0
  for (const { table, column } of await ownedColumns(client)) {
    const values = await withinOrganisation(hostile.organisationId, () =>
      inTenant(cloud.db, cloud.config.tenant, (tx) =>
        sql<{
          value: string | null
        }>`select distinct ${sql.ref(column)} as value from ${sql.table(table)}`.execute(tx),
      ),
    )
    for (const { value } of values.rows) {
      if (value?.includes(victim.organisationId) === true) seen.push(`${table}.${column}`)
      if (value?.includes(hostile.organisationId) === true) own += 1
    }
  }
  expect(seen).toEqual([])
  expect(own).toBeGreaterThan(5)
})

test('nor can it write one for another, or take one over', async () => {
  const { cloud } = running
  const { tenant } = cloud.config
  const refused: string[] = []
  for (const { table, column } of await ownedColumns(client)) {
    const stolen = column === 'owner' ? `fleet:${victim.organisationId}` : victim.organisationId
    const attempt = withinOrganisation(hostile.organisationId, () =>
      inTenant(cloud.db, tenant, async (tx) => {
        const one = await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${sql.ref(column)}
          where ${sql.ref(column)} = ${stolen}`.execute(tx)
        return Number(one.numAffectedRows ?? 0)
      }),
    )
    const changed = await attempt.catch(() => 0)
    if (changed > 0) refused.push(`${table}.${column}`)
  }
  expect(refused).toEqual([])
  await unchanged()
})

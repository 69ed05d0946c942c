/**
 * How many rows the questions of a console read, where a fleet has thousands of sessions among those of hundreds of other
 * owners. Counted by the database itself: a plan that walks through a table fails here, however fast the machine. One file,
 * because each question stands beside what it may read and what it has to find.
 */

import { createHash } from 'node:crypto'
import pg from 'pg'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import type { Cloud } from '@/lib/cloud/context'
import { countFleet } from '@/lib/cloud/dashboard/count-days'
import { dashboardOf } from '@/lib/cloud/dashboard/dashboard'
import { inTenant, openDatabase } from '@/lib/cloud/database/connection'
import { withinOrganisation } from '@/lib/cloud/database/organisation-scope'
import { readEntries } from '@/lib/cloud/invoices/month-entries'
import { demo, seedDemo } from '@/lib/cloud/operator/seed-demo'
import { exportSessions } from '@/lib/cloud/sessions/export-sessions'
import { sessionsOfFleet } from '@/lib/cloud/sessions/session-list'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { openWorld, startS } from './world'

const { fleetId } = demo
const dayS = 86_400
/** Of the fleet, and as many of others. */
const sessions = 12_000
const grants = 600

let database: TestDatabase
let admin: pg.Client
let cloud: Cloud

beforeAll(async () => {
  database = await openTestDatabase()
  admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  const world = await openWorld(database)
  await seedDemo(world.cloud)
  // One connection, whose counts are written out when it is asked to.
  cloud = { ...world.cloud, db: openDatabase(database.url, { connections: 1 }) }
  await fill()
  await countFleet(cloud, fleetId)
  await admin.query('analyze')
}, 60_000)
afterAll(async () => {
  await cloud.db.destroy()
  await admin.end()
  await database.close()
})

/**
 * Every second session is the fleet's. Sites 20 to 29 saw only the first tenth of them. Grants 1 to 300 are called "Often", 301 to 599 "Long ago" and were last used in the first tenth of the time, 600 is
 * "Rowan". One session in a hundred is not settled, and one in four hundred has an open case.
 */
async function fill(): Promise<void> {
  const of = pg.escapeLiteral(cloud.config.tenant)
  const fleet = pg.escapeLiteral(fleetId)
  const serial = (number: string) => `substr(md5('grant ' || ${number}), 1, 16)`
  const owner = `case when i % 2 = 0 then 'fleet:' || ${fleet} else 'wallet:' || md5((i % 300)::text) end`
  const isLate = `i > ${2 * sessions} / 10`
  await admin.query(`
    set session_replication_role = replica;
    insert into sites (tenant, site_id, label) select ${of}, 's' || i, 'Site ' || i from generate_series(0, 29) i;
    insert into chargers (tenant, charger_id, site_id, bay_label, created_at_s)
      select ${of}, 'MANY-' || i, 's' || i % 30, 'Bay', 0 from generate_series(0, 89) i;
    insert into grants (tenant, serial, owner, device_key, currency, cap_minor, spends_max, not_after_s, issued_at_s, bytes)
      select ${of}, ${serial('i')}, 'fleet:' || ${fleet}, md5('key ' || i), 'EUR', 1, 1, ${startS}, 0, ''
      from generate_series(1, ${grants}) i;
    insert into reserves (tenant, serial, owner, currency, release_after_s)
      select ${of}, ${serial('i')}, 'fleet:' || ${fleet}, 'EUR', ${startS} from generate_series(1, ${grants}) i;
    insert into reserves (tenant, serial, owner, currency, release_after_s)
      select ${of}, ${serial("'of others ' || i")}, 'wallet:' || md5((i % 300)::text), 'EUR', ${startS}
      from generate_series(1, 5 * ${grants}) i;
    insert into fleet_tokens (tenant, token_id, fleet_id, idempotency_key, serial, driver_name, claim_hash, cap_minor,
        session_cap_minor, daily_limit_minor, month_limit_minor, sites, issued_at_s, expires_at_s, claimed_at_s)
      select ${of}, md5('token ' || i), ${fleet}, 'many-' || i, ${serial('i')},
        case when i <= 300 then 'Often ' || i when i < 600 then 'Long ago ' || i else 'Rowan' end,
        md5('claim ' || i), 1, 1, 0, 0, '{}', 0, ${startS}, 0 from generate_series(1, ${grants}) i;
    insert into fleet_vehicles (tenant, vehicle_id, fleet_id, plate, vehicle_class, match_key, created_at_s)
      select ${of}, md5('vehicle ' || i), ${fleet}, 'RW ' || i, 3, 'rw' || i, 0 from generate_series(1, ${grants}) i;
    update fleet_tokens set vehicle_id = md5('vehicle 7') where serial in (${serial("'600'")}, ${serial("'7'")});
    insert into charging_sessions (tenant, session_id, serial, owner, seq, gross_minor, hold_minor, currency,
        authorized_at_s, charger_id, site_label, bay_label, state, hold_state, posted_minor, posted_tax_minor, energy_wh,
        by_phone, by_charger, updated_at_s)
      select ${of}, md5('session ' || i), ${serial(`case when i % 1000 = 0 then 600
          when ${isLate} then 1 + i * 7 % 300 else 1 + i * 7 % 599 end`)}, ${owner}, i, 5000, 5000, 'EUR',
        ${startS} - 300 * ${dayS} + i * 1000::bigint, 'MANY-' || case when ${isLate} then i / 2 % 20 else i / 2 % 90 end, 'Site', 'Bay',
        case when i % 200 = 0 then 'seen' else 'settled' end,
        case when i % 400 = 0 then 'open' else 'resolved' end, case when i % 200 = 0 then null else 980 end,
        156, 20000, true, i % 400 <> 0, ${startS} - 300 * ${dayS} + i * 1000::bigint
      from generate_series(1, 2 * ${sessions}) i;
    insert into cases (tenant, case_id, kind, code, session_id, facts, state, opened_at_s, root_id, verdict, updated_at_s)
      select ${of}, md5('case ' || i), 'dispute', 'x', md5('session ' || 8 * i), '{}',
        case when i % 100 = 0 then 'open' else 'decided' end, 0, md5('case ' || i),
        case when i % 100 = 0 then null else 'dismiss' end, 0 from generate_series(1, 2 * ${sessions} / 8) i;
    insert into ledger_transfers (tenant, reference, kind, debit, credit, currency, amount_minor, effect, reason, author,
        created_at)
      select ${of}, md5('session ' || i), k.kind, 'reserve:' || ${serial(`case when i % 2 = 0
          then (1 + i % ${grants})::text else 'of others ' || i % 3000 end`)}, k.credit, 'EUR', k.amount, 'post', 'x', 'x',
        '2024-01-01T00:00:00Z'::timestamptz + i % 31 * interval '1 day'
      from generate_series(1, 2 * ${sessions}) i, (values ('settle', 'revenue', 824), ('settle-tax', 'tax', 156)) as k
        (kind, credit, amount);
    set session_replication_role = origin;
    analyze`)
}

const counted = ['charging_sessions', 'ledger_transfers', 'reserves'] as const
type Read = Readonly<Record<(typeof counted)[number], number>>

async function readSoFar(): Promise<Read> {
  await sql`select pg_stat_force_next_flush()`.execute(cloud.db)
  await sql`select 1`.execute(cloud.db)
  await admin.query('select pg_stat_force_next_flush()')
  const { rows } = await admin.query<{ name: string; rows: string }>(
    `select t.relname as name, t.seq_tup_read + coalesce(sum(i.idx_tup_read), 0) as rows
     from pg_stat_user_tables t left join pg_stat_user_indexes i using (relid)
     where t.relname = any($1) group by t.relname, t.seq_tup_read`,
    [counted],
  )
  const read = new Map(rows.map((row) => [row.name, Number(row.rows)]))
  return Object.fromEntries(counted.map((name) => [name, read.get(name) ?? 0])) as Read
}

/** Entries of indexes and rows of walks through a table. */
async function rowsRead(work: () => Promise<unknown>): Promise<Read> {
  const before = await readSoFar()
  await withinOrganisation(fleetId, work)
  const after = await readSoFar()
  return Object.fromEntries(counted.map((name) => [name, after[name] - before[name]])) as Read
}

type Ask = Parameters<typeof sessionsOfFleet>[2]
const at = (atS: number) => Buffer.from(`${atS} ${'0'.repeat(32)}`).toString('base64url')
const longAgoS = startS - 295 * dayS

/** Whom Rowan and one of those called "Often" share. */
const vehicle = createHash('md5').update('vehicle 7').digest('hex')

interface Row {
  readonly id: string
  readonly state: 'phone' | 'seen' | 'settled' | 'case'
  readonly site: string
  readonly atS: number
  readonly name: string
}

interface Question {
  readonly ask: Ask
  readonly fits: (row: Row) => boolean
  readonly shown: number
  readonly rowsMax: number
}

const pageOf = { shown: 50, rowsMax: 200 }
const isOn = ({ atS }: Row): boolean => atS >= longAgoS && atS < longAgoS + dayS
const day = { fromS: longAgoS, toS: longAgoS + dayS }
const lately = { fromS: startS - 100 * dayS }

/** What a page of fifty may read: a few for each row, or what is rare altogether. */
const questions: Readonly<Record<string, Question>> = {
  everything: { ...pageOf, ask: {}, fits: () => true },
  'a page of long ago': { ...pageOf, ask: { after: at(longAgoS) }, fits: ({ atS }) => atS <= longAgoS },
  'what is settled': { ...pageOf, ask: { state: 'settled' }, fits: ({ state }) => state === 'settled' },
  'what only phones told': {
    ...{ shown: 30, rowsMax: 200 },
    ...{ ask: { state: 'phone' }, fits: ({ state }) => state === 'phone' },
  },
  'what waits for its receipt': {
    ...{ shown: 50, rowsMax: 200 },
    ...{ ask: { state: 'seen' }, fits: ({ state }) => state === 'seen' },
  },
  'open cases': {
    ...{ shown: 30, rowsMax: 100 },
    ...{ ask: { state: 'case' }, fits: ({ state }) => state === 'case' },
  },
  'a site': { ...pageOf, ask: { site: 's3' }, fits: ({ site }) => site === 's3' },
  'a page of a site': {
    ...{ ...pageOf, ask: { site: 's3', after: at(startS - 150 * dayS) } },
    fits: ({ site, atS }) => site === 's3' && atS <= startS - 150 * dayS,
  },
  'a site where nobody comes any more': {
    ...{ shown: 40, rowsMax: 200 },
    ...{ ask: { site: 's25' }, fits: ({ site }) => site === 's25' },
  },
  'a site where nobody came lately': {
    ...{ shown: 0, rowsMax: 10 },
    ...{ ask: { site: 's25', ...lately }, fits: () => false },
  },
  'what is settled at a site': {
    ...{ ...pageOf, ask: { site: 's3', state: 'settled' } },
    fits: ({ site, state }) => site === 's3' && state === 'settled',
  },
  'what is under way at a site': {
    ...{ shown: 28, rowsMax: 200, ask: { site: 's0', state: 'phone' } },
    fits: ({ site, state }) => site === 's0' && state === 'phone',
  },
  'a day': { shown: 44, rowsMax: 200, ask: day, fits: isOn },
  'a day of a site': {
    ...{ shown: 1, rowsMax: 50, ask: { site: 's4', ...day } },
    fits: (row) => isOn(row) && row.site === 's4',
  },
  'one driver': {
    ...{ shown: 24, rowsMax: 100, ask: { search: 'rowan' } },
    fits: ({ name }) => name === 'Rowan',
  },
  'one vehicle': {
    ...{ shown: 50, rowsMax: 300, ask: { vehicle } },
    fits: ({ name }) => name === 'Rowan' || name === 'Often 7',
  },
  'a plate': {
    ...{ shown: 50, rowsMax: 300, ask: { search: 'rw 7' } },
    fits: ({ name }) => name === 'Rowan' || name === 'Often 7',
  },
  'one token': { shown: 0, rowsMax: 10, ask: { token: '0'.repeat(32) }, fits: () => false },
  'a name that half of them bear': {
    ...{ shown: 50, rowsMax: sessions, ask: { search: 'OFTEN' } },
    fits: ({ name }) => name.startsWith('Often'),
  },
  // Once among the newest of all, and then their own.
  'a name that nobody bears lately': {
    ...{ shown: 50, rowsMax: sessions, ask: { search: 'long ago' } },
    fits: ({ name }) => name.startsWith('Long ago'),
  },
  'a name of many at a site': {
    ...{ shown: 50, rowsMax: 200, ask: { search: 'often', site: 's3' } },
    fits: ({ name, site }) => name.startsWith('Often') && site === 's3',
  },
  'a name that nobody bears': { shown: 0, rowsMax: 10, ask: { search: 'nobody' }, fits: () => false },
  'how an id begins': {
    ...{ shown: 0, rowsMax: 10, ask: { search: 'abcdef01' } },
    fits: ({ id }) => id.startsWith('abcdef01'),
  },
}
const asked = Object.keys(questions)

test.each(asked)('%s is found by reading little more than what is shown', async (what) => {
  const { ask, shown, rowsMax } = questions[what] as Question
  let found = 0
  const read = await rowsRead(async () => {
    found = expectOk(await sessionsOfFleet(cloud, fleetId, ask), what).sessions.length
  })
  expect(found).toBe(shown)
  expect(read.charging_sessions).toBeLessThanOrEqual(rowsMax)
})

const everyRow = async (): Promise<readonly Row[]> => {
  const { rows } = await admin.query<Row>(
    `select s.session_id as id, s.authorized_at_s::float8 as "atS", c.site_id as site, t.driver_name as name,
       case when exists (select from cases k where k.session_id = s.session_id and k.state <> 'decided') then 'case'
         when s.state = 'settled' then 'settled' when s.by_charger then 'seen' else 'phone' end as state
     from charging_sessions s join chargers c on c.tenant = s.tenant and c.charger_id = s.charger_id
     join fleet_tokens t on t.tenant = s.tenant and t.serial = s.serial
     where s.tenant = $1 and s.owner = 'fleet:' || $2 order by s.authorized_at_s desc, s.session_id`,
    [cloud.config.tenant, fleetId],
  )
  return rows
}

test('page after page, each question is answered by all that fits and nothing else', async () => {
  const every = await everyRow()
  expect(every).toHaveLength(sessions)
  for (const [what, { ask, fits }] of Object.entries(questions)) {
    const pages: string[] = []
    let after = ask.after
    do {
      const page = expectOk(await sessionsOfFleet(cloud, fleetId, { ...ask, after, limit: 200 }), what)
      pages.push(...page.sessions.map(({ sessionId }) => sessionId))
      after = page.next ?? undefined
    } while (after !== undefined)
    expect({ what, pages }).toEqual({ what, pages: every.filter(fits).map(({ id }) => id) })
  }
})

test('the dashboard reads no sessions but those that are under way', async () => {
  const read = await rowsRead(async () => expectOk(await dashboardOf(cloud, fleetId), 'dashboard'))
  expect(read.charging_sessions).toBeLessThan(sessions / 10)
})

test('the table of a day reads the day', async () => {
  const order = {
    fleetId,
    author: 'x',
    locale: 'en',
    filter: { fromS: longAgoS, toS: longAgoS + dayS },
  } as const
  const read = await rowsRead(async () => new Response(await exportSessions(cloud, order)).text())
  expect(read.charging_sessions).toBeLessThan(200)
})

test('an invoice reads the transfers of its fleet’s month and their sessions, and nothing of others', async () => {
  const { tenant } = cloud.config
  let found = 0
  const read = await rowsRead(async () => {
    let after: string | undefined
    do {
      const scope = { tenant, currency: 'EUR', fleetId, month: '2024-01' }
      const from = after
      const piece = await inTenant(cloud.db, tenant, (tx) => readEntries(tx, scope, from))
      found += piece.entries.length
      after = piece.next
    } while (after !== undefined)
  })
  expect(found).toBe(sessions)
  // Each session is looked up once, and once more for the rate of its offer.
  expect(read.charging_sessions).toBeLessThan(2.2 * sessions)
  expect(read.ledger_transfers).toBeLessThan(2.2 * sessions)
  expect(read.reserves).toBeLessThan(2 * grants)
})

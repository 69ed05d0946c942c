/** A fleet's sessions as its console reads them: states, filters, pages, sums, and the table for a spreadsheet. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { toBytes } from '@/lib/core/bytes'
import { expectOk } from '@/lib/core/result'
import { disputeSession } from '@/lib/cloud/cases/commands'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { claimToken, issueToken } from '@/lib/cloud/fleet/commands'
import { receiveBundle } from '@/lib/cloud/ingest/commands'
import { answerReport } from '@/lib/cloud/device-replies'
import { fleetAccount } from '@/lib/cloud/ledger/accounts'
import { demo, seedDemo } from '@/lib/cloud/operator/seed-demo'
import { exportSessions } from '@/lib/cloud/sessions/export-sessions'
import type { SessionFilter } from '@/lib/cloud/sessions/session-filter'
import { sessionsOfFleet, totalsOfFleet } from '@/lib/cloud/sessions/session-list'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { Charger, freshSigner, openWorld, Phone } from './world'

const { fleetId, managerId } = demo

let database: TestDatabase
let cloud: Cloud
let ids: Readonly<Record<'settled' | 'phone' | 'disputed', string>>
let tokenId: string

async function phoneOf(driverName: string) {
  const issued = await issueToken(cloud, {
    ...{ fleetId, driverName, capMinor: 20_000, sessionCapMinor: 8_000, dailyLimitMinor: 10_000, days: 30 },
    ...{ idempotencyKey: `key-${driverName}`, author: managerId },
  })
  const token = expectOk(issued, 'token')
  const signer = freshSigner()
  const device = { deviceKey: signer.publicKey, keyProtection: 'platform' } as const
  const claimed = expectOk(await claimToken(cloud, { code: token.claimCode, ...device }), 'claim')
  return { tokenId: token.tokenId, phone: Phone.holding(toBytes(claimed.grant), signer) }
}

beforeAll(async () => {
  database = await openTestDatabase()
  const world = await openWorld(database)
  cloud = world.cloud
  await seedDemo(cloud)
  const charger = await Charger.enrolled(cloud)
  const ailsa = await phoneOf('Ailsa Reid')
  const ben = await phoneOf('=Ben Muir')
  const settled = await charger.charge(ailsa.phone, 3_000, 20_000)
  world.pass(600)
  // Its own clock stands still from its enrolment on: another charger charges later.
  const second = await Charger.enrolled(cloud)
  const disputed = await second.charge(ailsa.phone, 3_000, 10_000)
  for (const one of [charger, second]) expectOk(await receiveBundle(cloud, await one.bundle()), 'bundle')
  const owner = fleetAccount(fleetId)
  const complaint = { sessionId: disputed.id, owner, reason: 'wrong-price' } as const
  expectOk(await disputeSession(cloud, complaint), 'dispute')
  world.pass(600)
  // Another charger, whose log never arrives: only the driver's phone has told of it.
  const silent = await Charger.enrolled(cloud)
  const phone = await silent.offerTo(ben.phone, 4_000)
  expectOk(await answerReport(cloud, ben.phone.report()), 'report')
  ids = { settled: settled.id, phone: phone.id, disputed: disputed.id }
  tokenId = ailsa.tokenId
})
afterAll(() => database.close())

const list = async (filter: Parameters<typeof sessionsOfFleet>[2] = {}) =>
  expectOk(await sessionsOfFleet(cloud, fleetId, filter), 'list')
const idsOf = async (filter: SessionFilter) => (await list(filter)).sessions.map(({ sessionId }) => sessionId)

test('the newest comes first, each with its state and the name on its token', async () => {
  expect((await list()).sessions).toMatchObject([
    { sessionId: ids.phone, state: 'phone', driverName: '=Ben Muir', totalMinor: null, holdMinor: 4_000 },
    { sessionId: ids.disputed, state: 'case', driverName: 'Ailsa Reid' },
    {
      sessionId: ids.settled,
      state: 'settled',
      totalMinor: 980,
      siteLabel: 'Kinross Services',
      byCharger: true,
    },
  ])
})

test.each([
  ['state', { state: 'settled' }, ['settled']],
  ['an open case', { state: 'case' }, ['disputed']],
  ['what only the phone told', { state: 'phone' }, ['phone']],
  ['what is under way', { state: 'seen' }, []],
  ['part of a name in any case', { search: 'aiLSA' }, ['disputed', 'settled']],
  ['a name that nobody has', { search: 'zz' }, []],
  ['a site', { site: 'kinross', state: 'settled' }, ['settled']],
  ['a site that is none', { site: 'nowhere' }, []],
  ['a driver that is none', { driver: 'abcdef0123456789' }, []],
] as const)('%s narrows the list', async (_name, filter, expected) => {
  expect(await idsOf(filter)).toEqual(expected.map((name) => ids[name]))
})

test('a token, a span of time and the beginning of an id narrow it too', async () => {
  expect(await idsOf({ token: tokenId })).toEqual([ids.disputed, ids.settled])
  const [, second, first] = (await list()).sessions
  expect(await idsOf({ toS: second!.authorizedAtS })).toEqual([ids.settled])
  expect(await idsOf({ fromS: second!.authorizedAtS })).toEqual([ids.phone, ids.disputed])
  expect(await idsOf({ search: first!.sessionId.slice(0, 10) })).toEqual([ids.settled])
})

test('pages follow each other without a gap and without a repeat', async () => {
  const seen: string[] = []
  let after: string | undefined
  for (let page = 0; page < 5; page += 1) {
    const { sessions, next } = await list({ limit: 1, after })
    seen.push(...sessions.map(({ sessionId }) => sessionId))
    if (next === null) break
    after = next
  }
  expect(seen).toEqual([ids.phone, ids.disputed, ids.settled])
  expect(await sessionsOfFleet(cloud, fleetId, { after: 'bm9uc2Vuc2U' })).toMatchObject({
    error: { code: 'api.malformed' },
  })
})

test('the sums are those of the sessions of the filter', async () => {
  const { sessions } = await list()
  expect(expectOk(await totalsOfFleet(cloud, fleetId, {}), 'totals')).toEqual({
    sessions: 3,
    energyWh: 30_000,
    totalMinor: sessions.reduce((sum, row) => sum + (row.totalMinor ?? 0), 0),
    heldMinor: 4_000,
    isWhole: true,
  })
  const none = expectOk(await totalsOfFleet(cloud, fleetId, { search: 'zz' }), 'none')
  expect(none).toMatchObject({ sessions: 0, totalMinor: 0 })
})

test('another fleet has none of them', async () => {
  expect(await sessionsOfFleet(cloud, 'f'.repeat(32), {})).toMatchObject({ value: { sessions: [] } })
  expect(await sessionsOfFleet(cloud, 'f'.repeat(32), { token: tokenId })).toMatchObject({
    value: { sessions: [] },
  })
})

const tableOf = async (locale: 'en' | 'de', filter: SessionFilter = {}) => {
  const stream = await exportSessions(cloud, { fleetId, author: managerId, locale, filter })
  const text = await new Response(stream).text()
  return text.trimEnd().split('\r\n')
}

test('the table holds what the list shows, safe for spreadsheets, and whoever takes it stands in the log', async () => {
  const [head, ...rows] = await tableOf('en')
  expect(head).toContain('Session,Started (UTC),Driver')
  expect(rows).toHaveLength(3)
  expect(rows[0]).toContain(`,'=Ben Muir,`)
  expect(rows[2]).toContain(',20.000,30.00,')
  const german = await tableOf('de', { state: 'settled' })
  expect(german).toHaveLength(2)
  expect(german[1]).toContain(';20,000;30,00;')
  const { tenant } = cloud.config
  const lines = await inTenant(cloud.db, tenant, (tx) =>
    tx
      .selectFrom('audit_lines')
      .select(['subject', 'author'])
      .where('action', '=', 'session.export')
      .execute(),
  )
  expect(lines).toEqual([
    { subject: 'all', author: managerId },
    { subject: 'state', author: managerId },
  ])
})

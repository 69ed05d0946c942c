/** Drivers and vehicles of a fleet's lists, as tokens, sessions and the overview name them. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { toBytes } from '@/lib/core/bytes'
import { expectOk } from '@/lib/core/result'
import type { Cloud } from '@/lib/cloud/context'
import { countFleet } from '@/lib/cloud/dashboard/count-days'
import { dashboardOf } from '@/lib/cloud/dashboard/dashboard'
import { inTenant } from '@/lib/cloud/database/connection'
import { changeRules } from '@/lib/cloud/fleet/change-token'
import { claimToken, issueToken, type IssueToken } from '@/lib/cloud/fleet/commands'
import { tokenOf, tokensOf, type TokenFilter } from '@/lib/cloud/fleet/token-list'
import { receiveBundle } from '@/lib/cloud/ingest/commands'
import { demo, seedDemo } from '@/lib/cloud/operator/seed-demo'
import { foundOrganisation } from '@/lib/cloud/organisations/commands'
import { exportSessions } from '@/lib/cloud/sessions/export-sessions'
import { evidenceOf } from '@/lib/cloud/sessions/session-evidence'
import type { SessionFilter } from '@/lib/cloud/sessions/session-filter'
import { sessionsOfFleet } from '@/lib/cloud/sessions/session-list'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { Charger, freshSigner, openAccount, openWorld, Phone } from './world'

const { fleetId, managerId: author } = demo
const ids = {
  ...{ ailsa: 'a1'.repeat(16), gone: 'a2'.repeat(16), stranger: 'a3'.repeat(16) },
  ...{ van: 'b1'.repeat(16), sold: 'b2'.repeat(16), strangerVan: 'b3'.repeat(16) },
}
const rules = { sessionCapMinor: 8_000, dailyLimitMinor: 10_000 }
const notFound = { ok: false, error: { code: 'api.not-found' } }

let database: TestDatabase
let cloud: Cloud
let tokenId: string
let sessionId: string

const orderOf = (key: string, change: Partial<IssueToken> = {}): IssueToken => ({
  ...{
    fleetId,
    driverName: `On the token of ${key}`,
    capMinor: 20_000,
    days: 30,
    idempotencyKey: key,
    author,
  },
  ...rules,
  ...change,
})

async function keepLists(strangerFleetId: string): Promise<void> {
  const { tenant } = cloud.config
  const shared = { tenant, idempotency_key: null, version: 1, created_at_s: 1 }
  const drivers = [
    [ids.ailsa, fleetId, 'Ailsa Reid', null],
    [ids.gone, fleetId, 'Hamish Bain', 7],
    [ids.stranger, strangerFleetId, 'Somebody Else', null],
  ] as const
  const vehicles = [
    [ids.van, fleetId, 'SV 21 KXB', null],
    [ids.sold, fleetId, 'SW 70 OUT', 7],
    [ids.strangerVan, strangerFleetId, 'XX 99 XXX', null],
  ] as const
  await inTenant(cloud.db, tenant, async (tx) => {
    const people = drivers.map(([driver_id, fleet_id, name, removed_at_s]) => ({
      ...{ ...shared, driver_id, fleet_id, name, removed_at_s },
      ...{ reference: null, email: null, match_key: null },
    }))
    await tx.insertInto('fleet_drivers').values(people).execute()
    const vans = vehicles.map(([vehicle_id, fleet_id, plate, removed_at_s]) => ({
      ...{ ...shared, vehicle_id, fleet_id, plate, removed_at_s },
      ...{ name: null, match_key: plate, vehicle_class: 0 },
    }))
    await tx.insertInto('fleet_vehicles').values(vans).execute()
  })
}

const setRemoved = (removedAtS: number | null): Promise<void> =>
  inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const removed = { removed_at_s: removedAtS }
    await tx.updateTable('fleet_drivers').set(removed).where('driver_id', '=', ids.ailsa).execute()
    await tx.updateTable('fleet_vehicles').set(removed).where('vehicle_id', '=', ids.van).execute()
  })

beforeAll(async () => {
  database = await openTestDatabase()
  cloud = (await openWorld(database)).cloud
  await seedDemo(cloud)
  const founder = {
    accountId: await openAccount(cloud, 0),
    name: 'Mhairi Kerr',
    email: 'mhairi@haulage.example',
  }
  const order = { founder, name: 'Other Haulage', kind: 'fleet' } as const
  const stranger = expectOk(await foundOrganisation(cloud, order), 'another fleet')
  await keepLists(stranger.organisationId)
  const held = { driverId: ids.ailsa, vehicleId: ids.van }
  const token = expectOk(await issueToken(cloud, orderOf('key-held', held)), 'token')
  tokenId = token.tokenId
  expectOk(await issueToken(cloud, orderOf('key-nobody')), 'token of nobody')
  const signer = freshSigner()
  const device = { deviceKey: signer.publicKey, keyProtection: 'platform' } as const
  const claimed = expectOk(await claimToken(cloud, { code: token.claimCode, ...device }), 'claim')
  const charger = await Charger.enrolled(cloud)
  sessionId = (await charger.charge(Phone.holding(toBytes(claimed.grant), signer), 3_000, 20_000)).id
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
  await countFleet(cloud, fleetId)
})
afterAll(() => database.close())

const named = {
  driver: { driverId: ids.ailsa, name: 'Ailsa Reid' },
  vehicle: { vehicleId: ids.van, plate: 'SV 21 KXB' },
}
const tokenIdsOf = async (filter: TokenFilter) =>
  expectOk(await tokensOf(cloud, fleetId, filter), 'tokens').tokens.map((token) => token.tokenId)
const sessionIdsOf = async (filter: SessionFilter) =>
  expectOk(await sessionsOfFleet(cloud, fleetId, filter), 'sessions').sessions.map((row) => row.sessionId)

test('a token tells whom it is for, and one that is for nobody says so', async () => {
  expect(expectOk(await tokenOf(cloud, fleetId, tokenId), 'token')).toMatchObject({
    ...named,
    rules: { driverId: ids.ailsa, vehicleId: ids.van },
  })
  const { tokens } = expectOk(await tokensOf(cloud, fleetId, { search: 'key-nobody' }), 'tokens')
  expect(tokens).toMatchObject([{ driver: null, vehicle: null }])
})

test.each([
  ['a driver', { driver: ids.ailsa }],
  ['a vehicle', { vehicle: ids.van }],
  ['part of a driver’s name', { search: 'sa REI' }],
  ['part of a plate', { search: '21 kx' }],
] as const)('%s finds the tokens and the sessions that are theirs', async (_name, filter) => {
  expect(await tokenIdsOf(filter)).toEqual([tokenId])
  expect(await sessionIdsOf(filter)).toEqual([sessionId])
})

test.each([
  ['a driver without a token', { driver: ids.gone }],
  ['another fleet’s vehicle', { vehicle: ids.strangerVan }],
  ['another fleet’s driver by name', { search: 'Somebody' }],
] as const)('%s finds nothing', async (_name, filter) => {
  expect(await tokenIdsOf(filter)).toEqual([])
  expect(await sessionIdsOf(filter)).toEqual([])
})

test.each([
  ['another fleet’s driver', { driverId: ids.stranger }],
  ['a driver who was removed', { driverId: ids.gone }],
  ['a driver whom nobody knows', { driverId: 'c'.repeat(32) }],
  ['another fleet’s vehicle', { vehicleId: ids.strangerVan }],
  ['a vehicle that was removed', { vehicleId: ids.sold }],
  ['a driver of the fleet in another’s vehicle', { driverId: ids.ailsa, vehicleId: ids.strangerVan }],
] as const)('no token is issued for %s, and none becomes theirs', async (name, holder) => {
  expect(await issueToken(cloud, orderOf(`key-${name.length}-refused`, holder))).toMatchObject(notFound)
  expect(await changeRules(cloud, { fleetId, tokenId, author, ...rules, ...holder })).toMatchObject(notFound)
  expect(expectOk(await tokenOf(cloud, fleetId, tokenId), 'token')).toMatchObject(named)
})

test('a session names them in the list, in its evidence and in the table', async () => {
  const { sessions } = expectOk(await sessionsOfFleet(cloud, fleetId, {}), 'sessions')
  expect(sessions).toMatchObject([{ ...named, driverName: 'On the token of key-held' }])
  const evidence = expectOk(await evidenceOf(cloud, fleetId, sessionId), 'evidence')
  expect(evidence.session).toMatchObject(named)
  const stream = await exportSessions(cloud, { fleetId, author, locale: 'en', filter: {} })
  const [head, row] = (await new Response(stream).text()).split('\r\n')
  expect(head).toContain('Driver,Vehicle,')
  expect(row).toContain('Ailsa Reid,SV 21 KXB,')
})

test('the overview adds up what was spent by driver and by vehicle under their names', async () => {
  const { drivers, vehicles } = expectOk(await dashboardOf(cloud, fleetId), 'overview')
  expect(drivers).toMatchObject([{ id: ids.ailsa, name: 'Ailsa Reid', tokenId: null, sessions: 1 }])
  expect(vehicles).toMatchObject([{ id: ids.van, name: 'SV 21 KXB', sessions: 1 }])
})

test('who is removed keeps the name in what was before, and the token that was theirs can still be changed', async () => {
  await setRemoved(9)
  try {
    expect(expectOk(await sessionsOfFleet(cloud, fleetId, {}), 'sessions').sessions).toMatchObject([named])
    expect(await sessionIdsOf({ search: 'ailsa' })).toEqual([sessionId])
    const kept = { driverId: ids.ailsa, vehicleId: ids.van }
    expectOk(await changeRules(cloud, { fleetId, tokenId, author, ...rules, ...kept }), 'change')
    expect(await issueToken(cloud, orderOf('key-too-late', kept))).toMatchObject(notFound)
  } finally {
    await setRemoved(null)
  }
})

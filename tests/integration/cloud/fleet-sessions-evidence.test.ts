/** The evidence of one session: what is shown of it, that every check is made anew, and that a fleet can dispute it. */

import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromBase64Url, toBytes } from '@/lib/core/bytes'
import { expectOk } from '@/lib/core/result'
import { parseMessage } from '@/lib/protocol/message'
import { receipt } from '@/lib/protocol/messages/receipt'
import type { Cloud } from '@/lib/cloud/context'
import { decideCase, reviewCase } from '@/lib/cloud/cases/commands'
import { claimToken, issueToken } from '@/lib/cloud/fleet/commands'
import { receiveBundle } from '@/lib/cloud/ingest/commands'
import { demo, seedDemo } from '@/lib/cloud/operator/seed-demo'
import { openDispute } from '@/lib/cloud/sessions/open-dispute'
import { evidenceOf } from '@/lib/cloud/sessions/session-evidence'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { Charger, freshSigner, openWorld, Phone } from './world'

const { fleetId, managerId: author } = demo

let database: TestDatabase
let cloud: Cloud
let sessionId: string

beforeAll(async () => {
  database = await openTestDatabase()
  cloud = (await openWorld(database)).cloud
  await seedDemo(cloud)
  const issued = await issueToken(cloud, {
    ...{ fleetId, driverName: 'Ailsa Reid', capMinor: 20_000, sessionCapMinor: 8_000, dailyLimitMinor: 0 },
    ...{ days: 30, idempotencyKey: 'key-ailsa', author },
  })
  const signer = freshSigner()
  const device = { deviceKey: signer.publicKey, keyProtection: 'platform' } as const
  const code = expectOk(issued, 'token').claimCode
  const claimed = expectOk(await claimToken(cloud, { code, ...device }), 'claim')
  const charger = await Charger.enrolled(cloud)
  const phone = Phone.holding(toBytes(claimed.grant), signer)
  const session = await charger.charge(phone, 3_000, 20_000)
  sessionId = session.id
  expectOk(await receiveBundle(cloud, await charger.bundle()), 'bundle')
})
afterAll(() => database.close())

const read = async () => expectOk(await evidenceOf(cloud, fleetId, sessionId), 'evidence')

test('every signature leads to the operator’s root, and bill, log and books agree', async () => {
  const { pieces, checks, reports } = await read()
  expect(pieces.map(({ name, signer, isRight }) => [name, signer, isRight])).toEqual([
    ['certificate', 'issuer', true],
    ['grant', 'issuer', true],
    ['offer', 'charger', true],
    ['authorization', 'phone', true],
    ['answer', 'charger', true],
    ['receipt', 'charger', true],
  ])
  expect(Object.fromEntries(checks.map(({ name, outcome }) => [name, outcome]))).toEqual({
    ...{ root: 'passed', signatures: 'passed', 'one-session': 'passed', hold: 'passed', amount: 'passed' },
    // This meter signs nothing.
    ...{ meter: 'open', log: 'passed', books: 'passed' },
  })
  expect(reports).toMatchObject({ phone: { came: false }, charger: { came: true }, first: 'charger' })
})

test('the bytes are the signed ones, and their fields are told with units', async () => {
  const piece = (await read()).pieces.find(({ name }) => name === 'receipt')
  const bytes = fromBase64Url(piece?.bytes ?? '')
  const { payload, hash } = expectOk(parseMessage(receipt, bytes ?? toBytes([])), 'receipt')
  expect(hash).toBe(piece?.hash)
  const field = (name: string) => piece?.fields.find((one) => one.name === name)
  expect(field('totalMinor')).toEqual({ name: 'totalMinor', kind: 'money', value: payload.totalMinor })
  expect(field('lines.energyMinor')).toMatchObject({ kind: 'money', value: payload.lines.energyMinor })
  expect(field('meterStopWh')).toMatchObject({ kind: 'energy' })
  expect(field('startS')).toMatchObject({ kind: 'time' })
  expect(field('chargingS')).toMatchObject({ kind: 'duration' })
  expect(field('sightings')).toBeUndefined()
})

test('the transfers of the session are told by the kinds of accounts, never by whose they are', async () => {
  const { transfers, timeline } = await read()
  expect(transfers.map(({ kind, from, to }) => [kind, from, to])).toEqual(
    expect.arrayContaining([
      ['settle', 'reserve', 'revenue'],
      ['settle-tax', 'reserve', 'tax'],
    ]),
  )
  expect(timeline.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['offered', 'authorized', 'accepted', 'ended', 'charger-told', 'settled']),
  )
  expect(timeline.map(({ atS }) => atS)).toEqual(timeline.map(({ atS }) => atS).toSorted((a, b) => a - b))
})

test('an event of the log that somebody changed breaks the proof', async () => {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const [proof] = (await read()).log
  const where = 'device = $1 and epoch = $2 and seq = $3'
  const place = [proof!.device, proof!.epoch, proof!.seq === 0 ? 1 : 0]
  const change = `update device_events set bytes = set_byte(bytes, 5, get_byte(bytes, 5) # 1) where ${where}`
  await client.query(change, place)
  const { log, checks } = await read()
  expect(log.map(({ inclusion }) => inclusion)).toContain('failed')
  expect(checks).toContainEqual({ name: 'log', outcome: 'failed' })
  await client.query(change, place)
  await client.end()
  expect((await read()).checks).toContainEqual({ name: 'log', outcome: 'passed' })
})

test('nobody else’s fleet reads or disputes it', async () => {
  const stranger = 'f'.repeat(32)
  expect(await evidenceOf(cloud, stranger, sessionId)).toMatchObject({ error: { code: 'api.not-found' } })
  const order = { fleetId: stranger, author, sessionId, reason: 'other', note: '' } as const
  expect(await openDispute(cloud, order)).toMatchObject({ error: { code: 'api.not-found' } })
  expect((await read()).cases).toEqual([])
})

test('a dispute is one case however often it is sent, and tells how it ends without naming anybody', async () => {
  const order = { fleetId, author, sessionId, reason: 'wrong-price', note: 'It was 39 cents.' } as const
  const [first, second] = await Promise.all([openDispute(cloud, order), openDispute(cloud, order)])
  const { caseId } = expectOk(first, 'dispute')
  expect(expectOk(second, 'again').caseId).toBe(caseId)
  expect(await read()).toMatchObject({
    session: { state: 'case' },
    cases: [{ kind: 'dispute', state: 'open', steps: [{ step: 'opened', note: 'It was 39 cents.' }] }],
  })
  const act = { caseId, author: 'anna', reason: 'driver-right', note: 'Between us.' } as const
  expectOk(await reviewCase(cloud, 'take-up', act), 'taken up')
  expectOk(await decideCase(cloud, { ...act, decision: { kind: 'refund', amountMinor: 100 } }), 'refund')
  expectOk(await decideCase(cloud, { ...act, decision: { kind: 'dismiss' } }), 'decided')
  const after = await read()
  expect(after).toMatchObject({ session: { state: 'settled', refundedMinor: 100 } })
  expect(after.cases[0]).toMatchObject({ state: 'decided', verdict: 'dismiss' })
  expect(after.cases[0]?.steps).toContainEqual(
    expect.objectContaining({ step: 'refund', amountMinor: 100, note: null }),
  )
  expect(JSON.stringify(after)).not.toContain('anna')
  expect(JSON.stringify(after)).not.toContain('Between us')
  expect(after.checks).toContainEqual({ name: 'books', outcome: 'passed' })
})

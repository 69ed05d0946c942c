/** What modems send, at the real cloud: by the provider's own form, in any order, settled once, and answered. */

import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { fromHex, toHex, type Bytes } from '@/lib/core/bytes'
import { chargerId } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { sealWithHpke, unsealShared } from '@/lib/crypto/hpke'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { receiveBundle, receiveReport } from '@/lib/cloud/ingest/commands'
import { revokeGrant } from '@/lib/cloud/issuance/commands'
import { metricsText } from '@/lib/cloud/operator/metrics'
import { ledgerFigures } from '@/lib/cloud/operator/queries'
import { sendAnswers } from '@/lib/cloud/satellite/answers'
import { takeLetters } from '@/lib/cloud/satellite/letters'
import { readDelivery, rockBlock } from '@/lib/cloud/satellite/provider'
import { forgetLetters } from '@/lib/cloud/satellite/satellite-loop'
import { takeSatelliteMessage } from '@/lib/cloud/satellite/take-message'
import { registerTerminal } from '@/lib/cloud/satellite/terminals'
import { parseMessage, type ParsedMessage } from '@/lib/protocol/message'
import { receipt } from '@/lib/protocol/messages/receipt'
import { revocationDelta } from '@/lib/protocol/messages/revocation-delta'
import { decodeLetterAnswer, letterAnswerLabel, sealLetter, type SealedLetter } from '@/lib/letter/letter'
import { framesOf, joinFrames, readFrame } from '@/lib/letter/frames'
import { signedSession } from '@/tests/fixtures/letter-sessions'
import type { TestPhone, TestSession } from '@/tests/fixtures/session-actors'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { driver } from './closing'
import { proof } from './world'

let database: TestDatabase
const servers: Server[] = []

beforeAll(async () => {
  database = await openTestDatabase()
})
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})
afterAll(() => database.close())

let modems = 0
const nextImei = () => `30043406526${String((modems += 1)).padStart(4, '0')}`

async function lot() {
  const world = await driver(database)
  const imei = nextImei()
  expectOk(await registerTerminal(world.cloud, imei, chargerId(world.charger.id)), 'registered')
  return { ...world, imei }
}

async function letterOf(cloud: Cloud, phone: TestPhone, sessions: readonly TestSession[]) {
  const signed = sessions.map((session) => signedSession(session, phone))
  const sealed = await sealLetter(signed, cloud.sealing.publicKey, sealWithHpke)
  const number = randomBytes(4).readUInt32BE()
  return { sealed, number, frames: framesOf('part', number, sealed.bytes, 340)! }
}

const take = async (cloud: Cloud, imei: string, frames: readonly Bytes[]) => {
  for (const bytes of frames) expectOk(await takeSatelliteMessage(cloud, { imei, bytes }), 'message')
}
const totalOf = (session: TestSession): number => {
  const parsed: ParsedMessage<{ totalMinor: number }> = expectOk(parseMessage(receipt, session.receipt!), 'r')
  return parsed.payload.totalMinor
}
const settled = async (cloud: Cloud): Promise<number> => {
  const { revenueMinor, taxMinor } = await ledgerFigures(cloud)
  return revenueMinor + taxMinor
}

/** The provider's end for answers: what it is given, or what it says instead. */
async function providerThat(says: (fields: URLSearchParams) => string) {
  const got: URLSearchParams[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => (body += String(part)))
    request.on('end', () => {
      const fields = new URLSearchParams(body)
      got.push(fields)
      response.end(says(fields))
    })
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { got, provider: rockBlock(`http://user:pass%20word@127.0.0.1:${port}/rockblock/MT`) }
}

async function openAnswer(sent: readonly URLSearchParams[], sealed: SealedLetter) {
  const frames = sent.map((fields) => readFrame(fromHex(fields.get('data')!))!)
  const plain = await unsealShared(sealed.answerKey, joinFrames(frames)!, letterAnswerLabel)
  return plain && decodeLetterAnswer(plain)
}

test('sessions that came by satellite alone are settled, whatever the order of the messages, and the charger hears so', async () => {
  const { cloud, phone, charger, imei } = await lot()
  const sessions = [await charger.charge(phone, 3_000, 9_000), await charger.charge(phone, 2_000, 4_000)]
  const { sealed, frames } = await letterOf(cloud, phone, sessions)
  expect(frames).toHaveLength(2)
  await take(cloud, imei, frames.toReversed())
  await take(cloud, imei, frames)
  expect(await settled(cloud)).toBe(0)
  expect(await takeLetters(cloud)).toBe(1)
  expect(await settled(cloud)).toBe(sessions.reduce((sum, session) => sum + totalOf(session), 0))
  await proof(cloud)

  const { got, provider } = await providerThat(() => 'OK,4114651')
  expect(await sendAnswers(cloud, provider)).toBe(1)
  expect(Object.fromEntries(got[0]!)).toMatchObject({ imei, username: 'user', password: 'pass word' })
  expect(got[0]!.get('data')!.length).toBeLessThanOrEqual(540)
  expect(await openAnswer(got, sealed)).toEqual({ decided: 2, revocationDeltas: [] })
  expect(await sendAnswers(cloud, provider)).toBe(0)
})

test('letter, log and phone tell the same in any order: money moves once', async () => {
  for (const order of [
    ['letter', 'log', 'phone', 'letter'],
    ['phone', 'letter', 'log'],
    ['log', 'letter', 'phone'],
  ]) {
    const { cloud, phone, charger, imei } = await lot()
    const session = await charger.charge(phone, 3_000, 7_000)
    for (const road of order) {
      if (road === 'letter') await take(cloud, imei, (await letterOf(cloud, phone, [session])).frames)
      if (road === 'log') expectOk(await receiveBundle(cloud, await charger.bundle()), 'log')
      if (road === 'phone') expectOk(await receiveReport(cloud, phone.report()), 'report')
      await takeLetters(cloud)
      expect(await settled(cloud)).toBe(totalOf(session))
    }
    await proof(cloud)
  }
})

test('a session of a letter is told by its charger, not by a phone', async () => {
  const { cloud, phone, charger, imei } = await lot()
  const session = await charger.charge(phone, 3_000, 7_000)
  await take(cloud, imei, (await letterOf(cloud, phone, [session])).frames)
  await takeLetters(cloud)
  const tellers = () =>
    inTenant(cloud.db, cloud.config.tenant, (tx) =>
      tx.selectFrom('charging_sessions').select(['by_phone', 'by_charger']).execute(),
    )
  expect(await tellers()).toEqual([{ by_phone: false, by_charger: true }])
  // Nobody outside can say so of themselves.
  const other = await lot()
  await other.charger.charge(other.phone, 3_000, 7_000)
  expectOk(await receiveReport(other.cloud, { ...other.phone.report(), teller: 'charger' }), 'report')
  const rows = await inTenant(other.cloud.db, other.cloud.config.tenant, (tx) =>
    tx.selectFrom('charging_sessions').select(['by_phone', 'by_charger']).execute(),
  )
  expect(rows).toEqual([{ by_phone: true, by_charger: false }])
})

test('news of revocations goes along where the charger did not know them', async () => {
  const { cloud, phone, charger, imei } = await lot()
  const session = await charger.charge(phone, 3_000, 7_000)
  await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    revokeGrant(cloud, tx, phone.serial, cloud.clock.nowS() + 86_400, 'lost'),
  )
  const { sealed, frames } = await letterOf(cloud, phone, [session])
  await take(cloud, imei, frames)
  await takeLetters(cloud)
  const { got, provider } = await providerThat(() => 'OK,1')
  await sendAnswers(cloud, provider)
  const answer = await openAnswer(got, sealed)
  expect(answer?.decided).toBe(1)
  const delta = expectOk(parseMessage(revocationDelta, answer!.revocationDeltas[0]!), 'delta')
  expect(delta.payload.added).toEqual([phone.serial.slice(0, 8)])
})

test('figures tell how letters and answers stand', async () => {
  const { cloud, phone, charger, imei } = await lot()
  const lines = async () => {
    const satellite = { secret: 'a password of the provider' }
    const text = await metricsText({ ...cloud, config: { ...cloud.config, satellite } })
    return text.split('\n').filter((line) => line.startsWith('outpost_satellite'))
  }
  await take(cloud, imei, (await letterOf(cloud, phone, [await charger.charge(phone, 3_000, 7_000)])).frames)
  expect(await lines()).toContain('outpost_satellite_letters{state="whole"} 1')
  await takeLetters(cloud)
  expect(await lines()).toEqual([
    'outpost_satellite_letters{state="coming"} 0',
    'outpost_satellite_letters{state="whole"} 0',
    'outpost_satellite_letters{state="taken"} 1',
    'outpost_satellite_letters{state="unreadable"} 0',
    'outpost_satellite_answers_unsent 1',
  ])
})

test('a charger that was not answered asks again, and the answer goes out again; not more often than every ten minutes', async () => {
  const { cloud, phone, charger, imei, pass } = await lot()
  const session = await charger.charge(phone, 3_000, 7_000)
  const { frames } = await letterOf(cloud, phone, [session])
  await take(cloud, imei, frames)
  await takeLetters(cloud)
  const { got, provider } = await providerThat(() => 'OK,1')
  await sendAnswers(cloud, provider)
  await take(cloud, imei, frames)
  expect(await sendAnswers(cloud, provider)).toBe(0)
  pass(600)
  await take(cloud, imei, frames)
  expect(await sendAnswers(cloud, provider)).toBe(1)
  expect(got[1]!.get('data')).toBe(got[0]!.get('data'))
  expect(await settled(cloud)).toBe(totalOf(session))
})

test('a provider that says no, lies or is gone is asked again later, further and further apart', async () => {
  const { cloud, phone, charger, imei, pass } = await lot()
  await take(cloud, imei, (await letterOf(cloud, phone, [await charger.charge(phone, 3_000, 7_000)])).frames)
  await takeLetters(cloud)
  let says = 'FAILED,13,Your account has insufficient credit'
  const { got, provider } = await providerThat(() => says)
  expect(await sendAnswers(cloud, provider)).toBe(0)
  expect(await sendAnswers(cloud, provider)).toBe(0)
  expect(got).toHaveLength(1)
  const fault = () =>
    inTenant(cloud.db, cloud.config.tenant, (tx) =>
      tx.selectFrom('satellite_answers').select(['fault', 'attempts']).executeTakeFirst(),
    )
  expect(await fault()).toEqual({
    fault: expect.stringContaining('insufficient credit') as string,
    attempts: 1,
  })
  pass(60)
  says = '<html>a portal</html>'
  expect(await sendAnswers(cloud, provider)).toBe(0)
  pass(119)
  expect(await sendAnswers(cloud, provider)).toBe(0)
  expect(got).toHaveLength(2)
  pass(1)
  expect(await sendAnswers(cloud, rockBlock('http://127.0.0.1:9/MT'))).toBe(0)
  pass(240)
  says = 'OK,7'
  expect(await sendAnswers(cloud, provider)).toBe(1)
  expect(await fault()).toMatchObject({ fault: null })
})

test('strangers, rubbish and other keys change nothing, and cannot fill the table', async () => {
  const { cloud, phone, charger, imei } = await lot()
  const session = await charger.charge(phone, 3_000, 7_000)
  const { frames } = await letterOf(cloud, phone, [session])
  expect(await takeSatelliteMessage(cloud, { imei: nextImei(), bytes: frames[0]! })).toMatchObject({
    error: { code: 'satellite.terminal' },
  })
  expect(await takeSatelliteMessage(cloud, { imei, bytes: new Uint8Array(3) })).toMatchObject({
    error: { code: 'satellite.message' },
  })
  // The same number with another count of parts.
  await take(cloud, imei, frames.slice(0, 1))
  const other = framesOf('part', readFrame(frames[0]!)!.letter, new Uint8Array(900), 340)!
  expect(await takeSatelliteMessage(cloud, { imei, bytes: other[0]! })).toMatchObject({
    error: { code: 'satellite.message' },
  })
  // A modem that begins without end loses the oldest, its own: what was given up makes room.
  for (let index = 0; index < 20; index += 1)
    await take(cloud, imei, framesOf('part', index, new Uint8Array(900), 340)!.slice(0, 1))
  const coming = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx.selectFrom('satellite_letters').select('letter').where('state', '=', 'coming').execute(),
  )
  expect(coming).toHaveLength(16)
  // Whole, and nothing that anybody sealed for us.
  const rubbish = framesOf('part', 0, new Uint8Array(900), 340)!
  await take(cloud, imei, rubbish)
  expect(await takeLetters(cloud)).toBe(1)
  const states = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx.selectFrom('satellite_letters').select('state').where('letter', '=', 0).execute(),
  )
  expect(states).toEqual([{ state: 'unreadable' }])
  expect(await settled(cloud)).toBe(0)
  await take(cloud, imei, frames)
  await takeLetters(cloud)
  expect(await settled(cloud)).toBe(totalOf(session))
})

test('a letter that came damaged is read when it comes again', async () => {
  const { cloud, phone, charger, imei } = await lot()
  const session = await charger.charge(phone, 3_000, 7_000)
  const { frames } = await letterOf(cloud, phone, [session])
  const damaged = frames.map((bytes) => Uint8Array.from(bytes))
  damaged[1]![20]! ^= 1
  await take(cloud, imei, damaged)
  await takeLetters(cloud)
  expect(await settled(cloud)).toBe(0)
  await take(cloud, imei, frames)
  await takeLetters(cloud)
  expect(await settled(cloud)).toBe(totalOf(session))
})

test('an answer that the provider would not have for days is sent when the charger asks again', async () => {
  const { cloud, phone, charger, imei, pass } = await lot()
  const { frames } = await letterOf(cloud, phone, [await charger.charge(phone, 3_000, 7_000)])
  await take(cloud, imei, frames)
  await takeLetters(cloud)
  let says = 'FAILED,12,RockBLOCK has no line rental'
  const { got, provider } = await providerThat(() => says)
  for (let tries = 0; tries < 30; tries += 1) {
    await sendAnswers(cloud, provider)
    pass(6 * 3_600)
  }
  expect(got).toHaveLength(20)
  says = 'OK,1'
  expect(await sendAnswers(cloud, provider)).toBe(0)
  await take(cloud, imei, frames.slice(0, 1))
  expect(await sendAnswers(cloud, provider)).toBe(1)
})

test('a modem of another charger brings evidence of nobody', async () => {
  const { cloud, phone, charger } = await lot()
  const elsewhere = await lot()
  const session = await charger.charge(phone, 3_000, 7_000)
  const sealed = await sealLetter(
    [signedSession(session, phone)],
    elsewhere.cloud.sealing.publicKey,
    sealWithHpke,
  )
  await take(elsewhere.cloud, elsewhere.imei, framesOf('part', 5, sealed.bytes, 340)!)
  expect(await takeLetters(elsewhere.cloud)).toBe(1)
  expect(await settled(elsewhere.cloud)).toBe(0)
  expect(await settled(cloud)).toBe(0)
})

test('after ninety days letters are forgotten, whole or not', async () => {
  const { cloud, phone, charger, imei, pass } = await lot()
  const { frames } = await letterOf(cloud, phone, [await charger.charge(phone, 3_000, 7_000)])
  await take(cloud, imei, frames.slice(0, 1))
  await forgetLetters(cloud)
  const count = async () =>
    (
      await inTenant(cloud.db, cloud.config.tenant, (tx) =>
        tx.selectFrom('satellite_parts').selectAll().where('tenant', '=', cloud.config.tenant).execute(),
      )
    ).length
  expect(await count()).toBe(1)
  pass(91 * 86_400)
  await forgetLetters(cloud)
  expect(await count()).toBe(0)
})

test.each([
  ['application/x-www-form-urlencoded', 'imei=300434065264590&momsn=12&data=48656c6c6f20', '48656c6c6f20'],
  ['application/json', '{"imei":"300434065264590","momsn":12,"data":"4865 6C6C"}', '48656c6c'],
  ['application/json', '{"imei":"300434065264590","data":"486"}', undefined],
  ['application/json', '{"imei":"30043","data":"48"}', undefined],
  ['application/json', '["imei"]', undefined],
  ['application/json', 'imei=1', undefined],
  ['text/plain', 'hello', undefined],
])('a delivery as %s: %s', (type, text, hex) => {
  const read = readDelivery(text, type)
  expect(read && toHex(read.bytes)).toBe(hex)
})

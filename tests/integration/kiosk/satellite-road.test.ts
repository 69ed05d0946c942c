/**
 * The satellite road with real processes: a charger without any network sells, its modem speaks AT commands over a socket,
 * the provider posts to the cloud's own route and takes answers by its own form. The controller is killed between two
 * messages of a letter, and goes on where it was.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { POST as enrol } from '@/app/api/v1/chargers/enrol/route'
import { POST as takeParcel } from '@/app/api/v1/parcels/route'
import { POST as bySatellite } from '@/app/api/v1/satellite/route'
import { POST as sync } from '@/app/api/v1/sync/route'
import { fromHex } from '@/lib/core/bytes'
import { chargerId } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { environmentNames } from '@/lib/cloud/config'
import type { Cloud } from '@/lib/cloud/context'
import { issueDriverGrant } from '@/lib/cloud/issuance/commands'
import { registerCharger } from '@/lib/cloud/operator/commands'
import { ledgerFigures } from '@/lib/cloud/operator/queries'
import { runningCloud, stopRunningCloud } from '@/lib/cloud/running-cloud'
import { registerTerminal } from '@/lib/cloud/satellite/terminals'
import { readFrame } from '@/lib/letter/frames'
import { envelopeFromText, envelopeToText } from '@/lib/protocol/envelope'
import { parseMessage } from '@/lib/protocol/message'
import { offer } from '@/lib/protocol/messages/offer'
import { clearSky, startVirtualModem, type VirtualModem } from '@/simulator/satellite/virtual-modem'
import { freePort } from '@/tests/fixtures/free-port'
import { RouteServer } from '@/tests/fixtures/route-server'
import { TestPhone } from '@/tests/fixtures/session-actors'
import { freshSigner, openAccount, proof } from '../cloud/world'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { runScript } from '../scripts/run-script'
import { Panel, run, until, type Running } from './kiosk-process'

const secret = 'a password of the provider'
const imei = '300434065264590'
const sky = clearSky()

let database: TestDatabase
let cloud: Cloud
let folder: string
let atTheCharger: RouteServer
let outside: RouteServer
let modem: VirtualModem
let provider: Server
let panel: Panel
let charger: Running
let settings: Readonly<Record<string, string>>
let screenPort: number
let control: string
const processes: Running[] = []

const nowS = () => epochSeconds(Math.floor(Date.now() / 1_000))

beforeAll(async () => {
  database = await openTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'outpost-satellite-'))
  // The provider's end for answers: whatever it is given waits for the modem.
  provider = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => (body += String(part)))
    request.on('end', () => {
      sky.mailbox.push(fromHex(new URLSearchParams(body).get('data') ?? ''))
      response.end('OK,1')
    })
  }).listen(0, '127.0.0.1')
  await once(provider, 'listening')
  const { port } = provider.address() as AddressInfo
  Object.assign(process.env, {
    [environmentNames.databaseUrl]: database.url,
    [environmentNames.dataFolder]: join(folder, 'cloud'),
    [environmentNames.demo]: '1',
    [environmentNames.satelliteSecret]: secret,
    [environmentNames.satelliteSendUrl]: `http://me:mine@127.0.0.1:${port}/rockblock/MT`,
  })
  cloud = await runningCloud()
  atTheCharger = await new RouteServer({ '/api/v1/chargers/enrol': enrol, '/api/v1/sync': sync }).listen()
  outside = await new RouteServer({
    '/api/v1/satellite': bySatellite,
    '/api/v1/parcels': takeParcel,
  }).listen()
  modem = await startVirtualModem(sky)
  await startCharger()
})
afterAll(async () => {
  panel.close()
  for (const { child } of processes.splice(0)) child.kill('SIGKILL')
  await modem.close()
  provider.close()
  await outside.close()
  await stopRunningCloud()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

async function startCharger(): Promise<void> {
  const setup = { chargerId: 'KIN-09', siteId: 'kinross', siteLabel: 'Kinross', bayLabel: 'A9' }
  const { enrolmentCode } = await registerCharger(cloud, setup)
  expectOk(await registerTerminal(cloud, imei, chargerId(setup.chargerId)), 'registered')
  const [port, ocppPort, controlPort] = [await freePort(), await freePort(), await freePort()]
  screenPort = port
  const file = join(folder, 'outpost-kiosk.json')
  const satellite = {
    modem: `tcp://127.0.0.1:${modem.port}`,
    quietHours: 0,
    gatherHours: 0,
    answerMinutes: 0.05,
  }
  writeFileSync(file, JSON.stringify({ satellite, metrics: { enabled: true } }))
  settings = {
    OUTPOST_KIOSK_CONFIG: file,
    OUTPOST_KIOSK_DATA: join(folder, 'charger'),
    OUTPOST_KIOSK_PORT: String(port),
    OUTPOST_OCPP_PORT: String(ocppPort),
    OUTPOST_OCPP_IDENTITY: 'CP-1',
    OUTPOST_CHARGER_ID: setup.chargerId,
    OUTPOST_ENROLMENT_CODE: enrolmentCode,
    OUTPOST_CLOUD_URL: atTheCharger.origin,
  }
  await runCharger()
  // From here on the charger has no network, for good.
  await atTheCharger.close()
  const url = `ws://127.0.0.1:${ocppPort}/ocpp`
  const twin = ['--url', url, '--identity', 'CP-1', '--control-port', String(controlPort), '--speed', '60']
  processes.push(await run('simulator/charger/main.ts', twin, {}))
  panel = await Panel.open(port)
  await panel.until('available')
  control = `http://127.0.0.1:${controlPort}`
}

async function runCharger(): Promise<void> {
  const started = await run('charger-kiosk/main.ts', [], settings)
  charger = started
  processes.push(started)
  await until(() => started.output().includes('"what":"ready"'), `ready in ${started.output()}`)
}

async function kill(): Promise<void> {
  const { ended } = charger
  charger.child.kill('SIGKILL')
  await ended
}

async function sell(phone: TestPhone): Promise<number> {
  await fetch(`${control}/plug`, { method: 'POST', body: '{}' })
  const { offerCode } = await panel.until('offering')
  const [part] = expectOk(envelopeFromText(offerCode), 'a code').parts
  const offered = expectOk(parseMessage(offer, part!), 'an offer')
  const authorized = await phone.authorize(offered, 1_000, { timeS: nowS() })
  const parts = [authorized.bytes, phone.grant.bytes]
  panel.say({ type: 'scanned', connectorId: 1, text: envelopeToText({ kind: 'authorization', parts }) })
  await panel.until('charging', ({ energyWh }) => energyWh > 0)
  await fetch(`${control}/unplug`, { method: 'POST', body: '{}' })
  return (await panel.until('finished')).totalMinor
}

/** As the provider posts it, once for each message; what the cloud refuses the satellite has not taken. */
async function post(message: Uint8Array, password = secret): Promise<Response> {
  return await fetch(`${outside.origin}/api/v1/satellite`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`outpost:${password}`).toString('base64')}` },
    body: new URLSearchParams({ imei, momsn: '1', data: Buffer.from(message).toString('hex') }),
  })
}

async function newPhone(): Promise<TestPhone> {
  const signer = freshSigner()
  const accountId = await openAccount(cloud, 5_000)
  const order = { accountId, deviceKey: signer.publicKey, keyProtection: 'platform' as const }
  return TestPhone.holding(expectOk(await issueDriverGrant(cloud, order), 'a grant'), signer)
}

const settledMinor = async (): Promise<number> => {
  const { revenueMinor, taxMinor } = await ledgerFigures(cloud)
  return revenueMinor + taxMinor
}

async function settles(totalMinor: number): Promise<void> {
  let settled = await settledMinor()
  for (let tries = 0; settled !== totalMinor && tries < 400; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    settled = await settledMinor()
  }
  expect(settled).toBe(totalMinor)
}

test('a session settles by satellite alone, through SIGKILL between two messages, and the log that follows changes nothing', async () => {
  let isDown = false
  sky.deliver = async (message) => {
    if (isDown) throw new Error('no satellite in sight')
    const response = await post(message)
    if (response.status !== 200) throw new Error(`the cloud says ${response.status}`)
    // The sky closes after the first part.
    if (readFrame(message)?.index === 0) isDown = true
  }
  const totalMinor = await sell(await newPhone())
  expect(totalMinor).toBeGreaterThan(0)
  await until(() => isDown, 'the first part')
  await until(() => charger.output().includes('"what":"satellite-failed"'), 'a closed sky')
  expect(await settledMinor()).toBe(0)
  await kill()
  panel.close()

  isDown = false
  sky.deliver = async (message) => {
    if ((await post(message)).status !== 200) throw new Error('refused')
  }
  await runCharger()
  panel = await Panel.open(screenPort)
  await settles(totalMinor)
  await proof(cloud)
  const parts = sky.sent.map((message) => readFrame(message))
  expect(parts.map((part) => part?.index)).toEqual([0, 1])
  expect(new Set(parts.map((part) => part?.letter)).size).toBe(1)
  const bytes = sky.sent.reduce((sum, { length }) => sum + length, 0)
  expect(bytes).toBeLessThan(420)

  // A second session finds its answer's way too: each exchange brings what waits.
  const second = await sell(await newPhone())
  await settles(totalMinor + second)
  await until(() => charger.output().includes('"what":"letter-answered"'), 'an answer')
  const metrics = await (await fetch(`http://127.0.0.1:${screenPort}/metrics`)).text()
  expect(metrics).toMatch(/outpost_satellite_messages_sent_total [3-9]/)

  const stick = join(folder, 'stick')
  mkdirSync(stick)
  const served = await run('charger-kiosk/cli/main.ts', ['stick', stick], settings)
  expect((await served.ended).code, served.output()).toBe(0)
  expect(await runScript('courier', [stick, '--to', outside.origin])).toMatchObject({ code: 0 })
  await proof(cloud)
  expect(await settledMinor()).toBe(totalMinor + second)
})

test('only the provider may deliver, and what can never be used does not come again', async () => {
  expect((await post(sky.sent[0]!, 'another password')).status).toBe(401)
  const rubbish = await post(Uint8Array.of(9, 9, 9))
  expect([rubbish.status, await rubbish.json()]).toEqual([200, { taken: false, code: 'satellite.message' }])
  const malformed = await fetch(`${outside.origin}/api/v1/satellite`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}` },
    body: 'imei=12&data=zz',
  })
  expect(malformed.status).toBe(400)
})

/**
 * The USB road with real processes: a charger whose network is gone sells a session; a technician's stick, carried by hand
 * and handed in by the command at a laptop, settles it, and brings back what the charger has to know.
 */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { POST as enrol } from '@/app/api/v1/chargers/enrol/route'
import { POST as takeParcel } from '@/app/api/v1/parcels/route'
import { POST as sync } from '@/app/api/v1/sync/route'
import { siteId } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { environmentNames } from '@/lib/cloud/config'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { issueDriverGrant, revokeGrant } from '@/lib/cloud/issuance/commands'
import { registerCharger } from '@/lib/cloud/operator/commands'
import { ledgerFigures } from '@/lib/cloud/operator/queries'
import { runningCloud, stopRunningCloud } from '@/lib/cloud/running-cloud'
import { envelopeFromText, envelopeToText } from '@/lib/protocol/envelope'
import { parseMessage } from '@/lib/protocol/message'
import { offer } from '@/lib/protocol/messages/offer'
import type { TechnicianReport } from '@/charger-kiosk/screen-protocol-technician'
import { freePort } from '@/tests/fixtures/free-port'
import { RouteServer } from '@/tests/fixtures/route-server'
import { TestPhone } from '@/tests/fixtures/session-actors'
import { answerChallenge, issuePass } from '@/tests/fixtures/technician-world'
import { freshSigner, openAccount, proof } from '../cloud/world'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { runScript } from '../scripts/run-script'
import { Panel, run, until, type Running } from './kiosk-process'

let database: TestDatabase
let cloud: Cloud
let folder: string
const processes: Running[] = []
/** The cloud, as the charger reaches it while it has a network, and as the laptop does. */
let atTheCharger: RouteServer
let atTheDepot: RouteServer
let panel: Panel
let stick: string
let control: string
let charger: Running
let chargerSettings: Readonly<Record<string, string>>

const nowS = () => epochSeconds(Math.floor(Date.now() / 1_000))

beforeAll(async () => {
  database = await openTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'outpost-stick-road-'))
  process.env[environmentNames.databaseUrl] = database.url
  process.env[environmentNames.dataFolder] = join(folder, 'cloud')
  process.env[environmentNames.demo] = '1'
  cloud = await runningCloud()
  const routes = {
    '/api/v1/chargers/enrol': enrol,
    '/api/v1/sync': sync,
    '/api/v1/parcels': takeParcel,
  }
  atTheCharger = await new RouteServer(routes).listen()
  atTheDepot = await new RouteServer(routes).listen()
  stick = join(folder, 'media', 'STICK')
  mkdirSync(join(stick, 'outpost'), { recursive: true })
  await startCharger()
})
afterAll(async () => {
  panel.close()
  for (const { child } of processes.splice(0)) child.kill('SIGKILL')
  await atTheDepot.close()
  await stopRunningCloud()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

async function startCharger(): Promise<void> {
  const setup = { chargerId: 'KIN-07', siteId: 'kinross', siteLabel: 'Kinross', bayLabel: 'A7' }
  const { enrolmentCode } = await registerCharger(cloud, setup)
  const [port, ocppPort, controlPort] = [await freePort(), await freePort(), await freePort()]
  const file = join(folder, 'outpost-kiosk.json')
  writeFileSync(file, JSON.stringify({ technician: { sticks: ['media'] } }))
  chargerSettings = {
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
  const started = await run('charger-kiosk/main.ts', [], chargerSettings)
  charger = started
  processes.push(started)
  await until(() => started.output().includes('"what":"ready"'), `ready in ${started.output()}`)
}

const hand = (act: string): Promise<Response> => fetch(`${control}/${act}`, { method: 'POST', body: '{}' })

async function sell(phone: TestPhone): Promise<number> {
  await hand('plug')
  const { offerCode } = await panel.until('offering')
  const [part] = expectOk(envelopeFromText(offerCode), 'a code').parts
  const offered = expectOk(parseMessage(offer, part!), 'an offer')
  const authorized = await phone.authorize(offered, 1_000, { timeS: nowS() })
  const parts = [authorized.bytes, phone.grant.bytes]
  panel.say({ type: 'scanned', connectorId: 1, text: envelopeToText({ kind: 'authorization', parts }) })
  await panel.until('charging', ({ energyWh }) => energyWh > 0)
  await hand('unplug')
  return (await panel.until('finished')).totalMinor
}

async function comeIn(): Promise<void> {
  panel.say({ type: 'technician', act: { kind: 'ask' } })
  const asking = await until(() => {
    const technician = panel.state?.technician
    return technician?.kind === 'asking' ? technician : undefined
  }, 'the question for a pass')
  const { tenant: operator } = cloud.config
  const times = { notBeforeS: epochSeconds(nowS() - 60), notAfterS: epochSeconds(nowS() + 3_600) }
  const pass = await issuePass({ operator, sites: [siteId('kinross')], ...times }, cloud.issuer)
  const parts = await answerChallenge(asking.code, pass)
  panel.say({ type: 'scanned', connectorId: 1, text: envelopeToText({ kind: 'technician-entry', parts }) })
  await report(() => true)
}

const report = (test: (told: TechnicianReport) => boolean): Promise<TechnicianReport> =>
  until(() => {
    const technician = panel.state?.technician
    return technician?.kind === 'open' && test(technician) ? technician : undefined
  }, 'technician mode')

/** The button at the touchscreen, and what it says when it is done. */
async function serveStick(): Promise<TechnicianReport> {
  panel.say({ type: 'technician', act: { kind: 'self-test' } })
  await report(({ notice }) => notice?.act === 'self-test' && notice.outcome === 'done')
  panel.say({ type: 'technician', act: { kind: 'stick' } })
  return report(({ notice }) => notice?.act === 'stick' && notice.outcome !== 'busy')
}

const counter = (told: TechnicianReport, name: string): number =>
  told.counters.find((one) => one.counter === name)?.value ?? Number.NaN

const carry = () => runScript('courier', [stick, '--to', atTheDepot.origin])

const settledMinor = async (): Promise<number> => {
  const { revenueMinor, taxMinor } = await ledgerFigures(cloud)
  return revenueMinor + taxMinor
}

test('a session without a network settles by a stick alone, and the charger learns what was revoked', async () => {
  const accountId = await openAccount(cloud, 5_000)
  const signer = freshSigner()
  const order = { accountId, deviceKey: signer.publicKey, keyProtection: 'platform' as const }
  const phone = TestPhone.holding(expectOk(await issueDriverGrant(cloud, order), 'a grant'), signer)
  const totalMinor = await sell(phone)
  expect(totalMinor).toBeGreaterThan(0)

  await comeIn()
  const served = await serveStick()
  expect(served.notice).toMatchObject({ act: 'stick', outcome: 'done' })
  expect(served.sticks).toMatchObject([{ name: 'STICK', parcels: 1, news: 0, refused: 0, isPart: false }])
  const [file = ''] = readdirSync(join(stick, 'outpost'))
  expect(file).toMatch(/^[0-9a-f]{32}\.parcels$/)
  const unsent = counter(served, 'unsent')
  const knownRevoked = counter(served, 'revocations')
  expect(await settledMinor()).toBe(0)

  await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    revokeGrant(cloud, tx, phone.serial, nowS() + 86_400, 'lost'),
  )
  const carried = await carry()
  expect(carried).toMatchObject({ code: 0, complaints: expect.not.stringContaining('Error') as string })
  expect(carried.out).toContain('1 parcels, 1 answered now, 0 before')
  await until(() => atTheDepot.asked.get('/api/v1/parcels') === 1, 'the parcel')
  let settled = await settledMinor()
  for (let tries = 0; settled === 0 && tries < 100; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    settled = await settledMinor()
  }
  expect(settled).toBe(totalMinor)
  await proof(cloud)

  // Somebody carries it once more: nothing is handed in, and nothing changes.
  const answers = join(stick, 'outpost', file.replace('.parcels', '.answers'))
  const before = { bytes: readFileSync(answers), at: statSync(answers).mtimeMs }
  expect(await carry()).toMatchObject({
    code: 0,
    out: expect.stringContaining('0 answered now, 1 before') as string,
  })
  expect(atTheDepot.asked.get('/api/v1/parcels')).toBe(1)
  expect({ bytes: readFileSync(answers), at: statSync(answers).mtimeMs }).toEqual(before)

  const back = await serveStick()
  expect(back.sticks).toMatchObject([{ news: 1, refused: 0, fault: null }])
  expect(counter(back, 'unsent')).toBeLessThan(unsent)
  expect(counter(back, 'revocations')).toBeGreaterThan(knownRevoked)
  expect(await settledMinor()).toBe(totalMinor)

  // What the visit itself wrote leaves with the next stick, without anything of before.
  expect(await carry()).toMatchObject({
    code: 0,
    out: expect.stringContaining('1 answered now, 0 before') as string,
  })
  expect(await settledMinor()).toBe(totalMinor)
  await proof(cloud)
})

test('somebody at the machine fills a stick by a command, while the controller runs and while it is stopped', async () => {
  const other = join(folder, 'media', 'OTHER')
  mkdirSync(other)
  const command = async (...args: readonly string[]) => {
    const asked = await run('charger-kiosk/cli/main.ts', ['stick', ...args], chargerSettings)
    return { ...(await asked.ended), output: asked.output() }
  }
  expect(await command()).toMatchObject({ code: 2 })
  expect(await command(join(folder, 'nothing'))).toMatchObject({ code: 2 })
  expect(statSync(join(folder, 'charger', 'command.sock')).mode & 0o777).toBe(0o600)

  const running = await command(other, '--json')
  expect(running).toMatchObject({ code: 0 })
  const first = JSON.parse(running.output) as { parcels: number; bytes: number; fault: unknown }
  expect(first).toMatchObject({ parcels: 1, fault: null, known: 0, refused: 0 })
  expect(await runScript('courier', [other, '--to', atTheDepot.origin])).toMatchObject({ code: 0 })

  // Killed, so that its socket stays behind: the log is read all the same, and the answers count for good.
  const ended = charger.ended
  charger.child.kill('SIGKILL')
  await ended
  const stopped = await command(other)
  expect(stopped).toMatchObject({
    code: 0,
    output: expect.stringContaining('1 told something new') as string,
  })
  expect(stopped.output).toContain('The stick may be pulled out.')
  expect(await command(other, '--json')).toMatchObject({
    code: 0,
    output: expect.stringContaining('"news":0,"known":1') as string,
  })
  await runCharger()
  expect(await command(other, '--json')).toMatchObject({
    code: 0,
    output: expect.stringContaining('"known":1') as string,
  })

  writeFileSync(join(folder, 'outpost'), 'no folder')
  expect(await command(folder)).toMatchObject({
    code: 1,
    output: expect.stringContaining('L-254: the stick cannot be read or written.') as string,
  })
})

test('a laptop without a network says so, and a stick that was tampered with is told apart', async () => {
  const away = await runScript('courier', [join(folder, 'media'), '--to', 'http://127.0.0.1:9'])
  expect(away).toMatchObject({ code: 1, complaints: expect.stringContaining('no parcels') as string })
  const wrong = await runScript('courier', [stick, '--to', 'http://charge.example.org'])
  expect(wrong).toMatchObject({ code: 1, complaints: expect.stringContaining('https://') as string })
  const path = join(
    stick,
    'outpost',
    readdirSync(join(stick, 'outpost')).find((name) => name.endsWith('.parcels'))!,
  )
  const bytes = readFileSync(path)
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 40) ^ 1, bytes.length - 40)
  writeFileSync(path, bytes)
  const again = await runScript('courier', [stick, '--to', atTheDepot.origin, '--again'])
  expect(again).toMatchObject({ code: 2, out: expect.stringContaining('L-250') as string })
})

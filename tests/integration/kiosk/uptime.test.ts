/** A controller's process, an OCPP 1.6 and an OCPP 2.0.1 charger: what it says of its bays after a stop, a SIGKILL and a dead charger. */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fromHex } from '@/lib/core/bytes'
import { bayStandings, decodeUptime, uptimeOf, type StandingSeconds } from '@/lib/telemetry/uptime'
import { freePort } from '@/tests/fixtures/free-port'
import { IssuerServer } from '@/tests/fixtures/issuer-server'
import { Panel, run, temporaryFolder, until, type Running } from './kiosk-process'

const chargers = [
  { identity: 'CP-A', version: '1.6', bays: [{ bay: 1, connectorId: 1 }] },
  { identity: 'CP-B', version: '2.0.1', bays: [{ bay: 2, evseId: 1 }] },
] as const

let folder: ReturnType<typeof temporaryFolder>
let cloud: IssuerServer
let kioskPort: number
let ocppPort: number
const processes: Running[] = []

beforeEach(async () => {
  folder = temporaryFolder()
  cloud = await new IssuerServer().listen()
  kioskPort = await freePort()
  ocppPort = await freePort()
})
afterEach(async () => {
  for (const { child } of processes.splice(0)) child.kill('SIGKILL')
  await cloud.close()
  folder.remove()
})

async function startKiosk(): Promise<Running> {
  const path = join(folder.path, 'outpost-kiosk.json')
  const config = {
    charger: { id: 'KIN-01' },
    dataFolder: join(folder.path, 'data'),
    cloud: { url: cloud.origin },
    screen: { port: kioskPort },
    ocpp: { port: ocppPort, chargers: chargers.map(({ identity, bays }) => ({ identity, bays })) },
  }
  writeFileSync(path, JSON.stringify(config))
  const env = { OUTPOST_KIOSK_CONFIG: path, OUTPOST_ENROLMENT_CODE: 'CODE-1' }
  const kiosk = await run('charger-kiosk/main.ts', [], env)
  processes.push(kiosk)
  await until(() => kiosk.output().includes('"what":"ready"'), `a ready kiosk in ${kiosk.output()}`)
  return kiosk
}

async function startCharger({ identity, version }: (typeof chargers)[number]): Promise<Running> {
  const place = ['--url', `ws://127.0.0.1:${ocppPort}/ocpp`, '--identity', identity, '--ocpp', version]
  const port = String(await freePort())
  const charger = await run('simulator/charger/main.ts', [...place, '--control-port', port], {})
  processes.push(charger)
  await until(() => charger.output().includes('control http'), `the control of ${identity}`)
  return charger
}

async function available(bays: readonly number[]): Promise<void> {
  const panel = await Panel.open(kioskPort)
  for (const bay of bays)
    await until(
      () => panel.state?.connectors[bay - 1]?.phase.kind === 'available',
      `bay ${bay} to be available`,
    )
}

/** Uptime has whole seconds: a controller that lives for less has none. */
async function lived(): Promise<void> {
  const endMs = Date.now() + 2_000
  await until(() => Date.now() > endMs, 'two seconds of life')
}

function secondsOf(bay: number): StandingSeconds {
  const book = decodeUptime(fromHex(readFileSync(join(folder.path, 'data', 'uptime.hex'), 'utf8')))
  if (book === undefined) throw new Error('The book cannot be read.')
  return uptimeOf(book, bay)
}

test('bays are up while their chargers are there, dark while the controller is not, and no second counts twice', async () => {
  const beganS = Date.now() / 1_000
  const first = await startKiosk()
  const sixteen = await startCharger(chargers[0])
  await startCharger(chargers[1])
  await available([1, 2])
  await lived()
  first.child.kill('SIGTERM')
  await first.ended
  const before = secondsOf(1)
  for (const bay of [1, 2]) expect(secondsOf(bay)).toMatchObject({ faulted: 0, closed: 0, dark: 0 })
  expect(before.up).toBeGreaterThan(0)
  expect(secondsOf(2).up).toBeGreaterThan(0)

  sixteen.child.kill('SIGKILL')
  await sixteen.ended
  const second = await startKiosk()
  await available([2])
  await lived()
  second.child.kill('SIGKILL')
  await second.ended

  const third = await startKiosk()
  await available([2])
  await lived()
  third.child.kill('SIGTERM')
  await third.ended
  const elapsedS = Date.now() / 1_000 - beganS
  const [dead, alive] = [secondsOf(1), secondsOf(2)]
  expect(dead.up).toBe(before.up)
  expect(dead.silent).toBeGreaterThan(before.silent)
  expect(alive.up).toBeGreaterThan(before.up)
  // What the killed process lived is not known to anybody, and counts against it.
  for (const seconds of [dead, alive]) {
    expect(seconds.dark).toBeGreaterThan(0)
    expect(bayStandings.reduce((sum, one) => sum + seconds[one], 0)).toBeLessThanOrEqual(elapsedS + 1)
  }
})

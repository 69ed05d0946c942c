/** The controller's process on a disk that is full, and on one that turned a bit: no power, clear words, nothing lost. */

import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { parseMessage } from '@/lib/protocol/message'
import { receipt } from '@/lib/protocol/messages/receipt'
import { authorizationFor } from '@/tests/bench/kiosk/kiosk-site'
import { freePort } from '@/tests/fixtures/free-port'
import { IssuerServer } from '@/tests/fixtures/issuer-server'
import { Panel, run, temporaryFolder, until, type Running } from './kiosk-process'

let folder: ReturnType<typeof temporaryFolder>
let cloud: IssuerServer
let ports: { screen: number; ocpp: number; control: number }
const processes: Running[] = []

beforeEach(async () => {
  folder = temporaryFolder()
  cloud = await new IssuerServer().listen()
  ports = { screen: await freePort(), ocpp: await freePort(), control: await freePort() }
})
afterEach(async () => {
  for (const { child, ended } of processes.splice(0)) {
    child.kill('SIGKILL')
    await ended
  }
  await cloud.close()
  if (canMount) command('umount', folder.path)
  folder.remove()
})

/** A disk of its own that can be filled needs the right to mount one: root, as in the usual container. */
const canMount = (() => {
  const probe = temporaryFolder()
  const isAllowed = mountSmall(probe.path) && command('umount', probe.path)
  probe.remove()
  return isAllowed
})()

function mountSmall(path: string): boolean {
  return command('mount', '-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', path)
}

function command(name: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(name, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function startKiosk(): Promise<Running> {
  const kiosk = await run('charger-kiosk/main.ts', [], {
    OUTPOST_KIOSK_DATA: folder.path,
    OUTPOST_CLOUD_URL: cloud.origin,
    OUTPOST_KIOSK_PORT: String(ports.screen),
    OUTPOST_OCPP_PORT: String(ports.ocpp),
    OUTPOST_CHARGER_ID: 'KIN-01',
    OUTPOST_OCPP_IDENTITY: 'CP-1',
    OUTPOST_ENROLMENT_CODE: 'CODE-1',
    OUTPOST_METER_INTERVAL_S: '1',
  })
  processes.push(kiosk)
  return kiosk
}

const isReady = (kiosk: Running): Promise<boolean> =>
  until(() => kiosk.output().includes('"what":"ready"'), 'a ready kiosk')

async function startCharger(): Promise<void> {
  const place = ['--url', `ws://127.0.0.1:${ports.ocpp}/ocpp`, '--control-port', String(ports.control)]
  const charger = await run('simulator/charger/main.ts', [...place, '--speed', '60'], {})
  processes.push(charger)
  await until(() => charger.output().includes('127.0.0.1'), 'the charger’s control')
}

interface Vehicle {
  readonly connectors: readonly { readonly status: string; readonly registerWh: number }[]
}

async function hand(act: string): Promise<Vehicle> {
  const method = act === 'state' ? {} : { method: 'POST', body: '{}' }
  return (await (await fetch(`http://127.0.0.1:${ports.control}/${act}`, method)).json()) as Vehicle
}

/** To the last byte. */
function fill(): void {
  const file = openSync(join(folder.path, 'somebody-else'), 'w')
  try {
    for (let size = 65_536; size >= 1; size = size >> 1) fillBy(file, Buffer.alloc(size))
  } finally {
    closeSync(file)
  }
}

function fillBy(file: number, chunk: Buffer): void {
  try {
    while (writeSync(file, chunk) === chunk.length);
  } catch {
    // Nothing of this size fits any more.
  }
}

const makeRoom = (): void => rmSync(join(folder.path, 'somebody-else'))

async function holdUp(panel: Panel, driver: string): Promise<void> {
  const { offerCode } = await panel.until('offering')
  const text = await authorizationFor(offerCode, driver, 1_500)
  panel.say({ type: 'scanned', connectorId: 1, text })
}

test.skipIf(!canMount)(
  'a full disk: what was authorized is billed when there is room, nothing else gets power, and screen and log say why',
  async () => {
    mountSmall(folder.path)
    const kiosk = await startKiosk()
    await isReady(kiosk)
    await startCharger()
    const panel = await Panel.open(ports.screen)
    await panel.until('available')
    await hand('plug')
    await holdUp(panel, 'anna')
    await panel.until('charging', ({ energyWh }) => energyWh > 0)
    fill()
    // What flows now was authorized before: it is counted, and its receipt waits for room.
    await until(() => kiosk.output().includes('"what":"journal-failed","cause":"full"'), 'a full disk')
    await hand('unplug')
    const { registerWh } = (await hand('state')).connectors[0] ?? { registerWh: Number.NaN }
    makeRoom()
    await until(() => cloud.events.some(({ kind }) => kind === 'ended'), 'the receipt at the cloud')
    const receipts = cloud.events.flatMap((event) =>
      event.kind === 'ended' ? [expectOk(parseMessage(receipt, event.receipt), 'a receipt').payload] : [],
    )
    expect(receipts).toMatchObject([{ counter: 1, meterStartWh: 0, meterStopWh: registerWh }])

    await hand('plug')
    await panel.until('offering')
    fill()
    await holdUp(panel, 'berta')
    await panel.until('unavailable', ({ reason }) => reason === 'charger.storage')
    expect((await hand('state')).connectors[0]?.status).not.toBe('Charging')
    panel.close()
  },
)

test('a bit that turned: the controller says what to do, leaves the journal as it is, and sells nothing', async () => {
  const kiosk = await startKiosk()
  await isReady(kiosk)
  kiosk.child.kill('SIGTERM')
  await kiosk.ended
  const path = join(folder.path, 'journal.db')
  const whole = readFileSync(path)
  const rotten = Buffer.from(whole)
  // The first page says what all the others are.
  rotten[40] = (rotten[40] ?? 0) ^ 0x10
  writeFileSync(path, rotten)
  const second = await startKiosk()
  expect((await second.ended).code).toBe(1)
  expect(second.output()).toContain('cannot be used (damaged)')
  expect(second.output()).toContain('outpost-kiosk doctor')
  expect(readFileSync(path).equals(rotten)).toBe(true)
  writeFileSync(path, whole)
  await isReady(await startKiosk())
})

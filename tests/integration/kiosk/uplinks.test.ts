/** A controller's process with two uplinks, one of which is dead: what it costs, and what a restart remembers. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort } from '@/tests/fixtures/free-port'
import { IssuerServer } from '@/tests/fixtures/issuer-server'
import { run, temporaryFolder, until, type Running } from './kiosk-process'

let folder: ReturnType<typeof temporaryFolder>
let cloud: IssuerServer
const processes: Running[] = []

beforeEach(async () => {
  folder = temporaryFolder()
  cloud = await new IssuerServer().listen()
})
afterEach(async () => {
  for (const { child } of processes.splice(0)) child.kill('SIGKILL')
  await cloud.close()
  folder.remove()
})

async function start(port: number): Promise<Running> {
  const file = join(folder.path, 'outpost-kiosk.json')
  // An address of the documentation's, which no computer has: a cable that was pulled.
  const cable = { name: 'cable', kind: 'ethernet', localAddress: '192.0.2.1' }
  const sim = { name: 'sim', kind: 'cellular', localAddress: '127.0.0.3' }
  const budget = { pricePerMb: 50, bytesPerDayMax: 1_000_000 }
  writeFileSync(file, JSON.stringify({ uplinks: [cable, { ...sim, ...budget }] }))
  const kiosk = await run('charger-kiosk/main.ts', [], {
    OUTPOST_KIOSK_CONFIG: file,
    OUTPOST_KIOSK_DATA: join(folder.path, 'data'),
    OUTPOST_KIOSK_PORT: String(port),
    OUTPOST_OCPP_PORT: '0',
    OUTPOST_CHARGER_ID: 'KIN-01',
    OUTPOST_ENROLMENT_CODE: 'CODE-1',
    OUTPOST_CLOUD_URL: cloud.origin,
  })
  processes.push(kiosk)
  await until(() => kiosk.output().includes('"what":"ready"'), `ready in ${kiosk.output()}`)
  return kiosk
}

async function figure(port: number, name: string, uplink: string): Promise<number | undefined> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const line = text.split('\n').find((one) => one.startsWith(`outpost_uplink_${name}{uplink="${uplink}"}`))
  return line === undefined ? undefined : Number(line.split(' ').at(-1))
}

test('the dead cable is noticed, the other uplink brings the log home, and a killed process forgets no byte', async () => {
  const port = await freePort()
  const kiosk = await start(port)
  await expect.poll(() => figure(port, 'answers_total', 'sim'), { timeout: 30_000 }).toBeGreaterThan(0)
  expect(await figure(port, 'answers_total', 'cable')).toBe(0)
  expect(await figure(port, 'attempts_total', 'cable')).toBeGreaterThan(0)
  const used = (await figure(port, 'day_bytes', 'sim')) ?? 0
  expect(used).toBeGreaterThan(500)
  kiosk.child.kill('SIGKILL')
  await kiosk.ended
  await start(port)
  expect(await figure(port, 'day_bytes', 'sim')).toBeGreaterThanOrEqual(used)
})

/** How the controller's process starts, waits, refuses and ends. */

import { createServer } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { IssuerServer } from '@/tests/fixtures/issuer-server'
import { freePort } from '@/tests/fixtures/free-port'
import { Panel, run, temporaryFolder, until, type Running } from './kiosk-process'

let folder: ReturnType<typeof temporaryFolder>
const processes: Running[] = []
const clouds: IssuerServer[] = []

beforeEach(() => (folder = temporaryFolder()))
afterEach(async () => {
  for (const { child } of processes.splice(0)) child.kill('SIGKILL')
  for (const cloud of clouds.splice(0)) await cloud.close()
  folder.remove()
})

async function start(changes: Readonly<Record<string, string>>): Promise<Running> {
  const kiosk = await run('charger-kiosk/main.ts', [], {
    OUTPOST_KIOSK_DATA: folder.path,
    OUTPOST_KIOSK_PORT: '0',
    OUTPOST_OCPP_PORT: '0',
    OUTPOST_CHARGER_ID: 'KIN-01',
    OUTPOST_ENROLMENT_CODE: 'CODE-1',
    ...changes,
  })
  processes.push(kiosk)
  return kiosk
}

const says = (kiosk: Running, what: string) =>
  until(() => kiosk.output().includes(`"what":"${what}"`), `${what} in ${kiosk.output()}`)

test('it waits for a cloud that is not there yet, says so on its screen, and is ready once it is', async () => {
  const cloudPort = await freePort()
  const kioskPort = await freePort()
  const kiosk = await start({
    OUTPOST_CLOUD_URL: `http://127.0.0.1:${cloudPort}`,
    OUTPOST_KIOSK_PORT: String(kioskPort),
  })
  await says(kiosk, 'waiting-for-cloud')
  const panel = await Panel.open(kioskPort)
  expect(await panel.until('unavailable')).toMatchObject({ reason: 'charger.unpaired' })
  clouds.push(await new IssuerServer().listen(cloudPort))
  await says(kiosk, 'ready')
  // The same screen, without a reload: enrolled, and waiting for its charger.
  expect(await panel.until('unavailable', ({ reason }) => reason === 'charger.offline')).toBeDefined()
  expect(panel.state).toMatchObject({ siteLabel: 'Kinross Services', connectors: [{ bayLabel: 'A1' }] })
  kiosk.child.kill('SIGTERM')
  expect((await kiosk.ended).code).toBe(0)
  // Enrolled once is enrolled: it starts with no cloud at all.
  await clouds.splice(0)[0]!.close()
  const again = await start({ OUTPOST_CLOUD_URL: `http://127.0.0.1:${cloudPort}` })
  await says(again, 'ready')
})

test('a cloud that says no, a wrong setting, a wrong passphrase and a busy port each end it with a plain sentence', async () => {
  const cloud = await new IssuerServer().listen()
  clouds.push(cloud)
  const wrongCode = await start({ OUTPOST_CLOUD_URL: cloud.origin, OUTPOST_ENROLMENT_CODE: 'CODE-2' })
  expect((await wrongCode.ended).code).toBe(1)
  expect(wrongCode.output()).toContain('did not enrol this charger (device.enrolment-code)')
  const wrongSetting = await start({ OUTPOST_OCPP_PORT: '99999' })
  expect((await wrongSetting.ended).code).toBe(1)
  expect(wrongSetting.output()).toContain('OUTPOST_OCPP_PORT must be a number from 0 to 65535')
  const wrongPassphrase = await start({ OUTPOST_KIOSK_PASSPHRASE: 'not the one that sealed it' })
  expect((await wrongPassphrase.ended).code).toBe(1)
  expect(wrongPassphrase.output()).toContain('was sealed with another passphrase')
  const busy = createServer()
  await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve))
  const address = busy.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const busyPort = await start({ OUTPOST_CLOUD_URL: cloud.origin, OUTPOST_KIOSK_PORT: String(port) })
  expect((await busyPort.ended).code).toBe(1)
  expect(busyPort.output()).toContain(`port ${port}`)
  busy.close()
  for (const { output } of [wrongCode, wrongSetting, wrongPassphrase, busyPort])
    expect(output()).not.toContain('    at ')
})

test('a root that is not the pinned one is not believed', async () => {
  const cloud = await new IssuerServer().listen()
  clouds.push(cloud)
  const kiosk = await start({ OUTPOST_CLOUD_URL: cloud.origin, OUTPOST_ROOT_KEY: 'ab'.repeat(32) })
  expect((await kiosk.ended).code).toBe(1)
  expect(kiosk.output()).toContain('another root than the pinned one')
})

test('a higher generation of the key is certified by the cloud while the charger sells, and is in use ever after', async () => {
  const cloud = await new IssuerServer().listen()
  clouds.push(cloud)
  const first = await start({ OUTPOST_CLOUD_URL: cloud.origin })
  await says(first, 'ready')
  first.child.kill('SIGTERM')
  await first.ended
  const next = { OUTPOST_CLOUD_URL: cloud.origin, OUTPOST_KEY_GENERATION: '2' }
  const second = await start(next)
  await says(second, 'key-renewed')
  expect([cloud.enrolments, cloud.renewals]).toEqual([1, 1])
  second.child.kill('SIGTERM')
  await second.ended
  // Under the new certificate its log goes home, and nothing is asked for again.
  const third = await start(next)
  await says(third, 'key-renewed')
  await until(() => cloud.events.filter(({ kind }) => kind === 'boot').length === 3, 'three boots')
  expect(cloud.renewals).toBe(1)
})

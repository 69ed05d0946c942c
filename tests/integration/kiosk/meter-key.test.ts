/** A meter that signs, from its key in the configuration through the certificate to the receipt, with real processes. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { parseMessage } from '@/lib/protocol/message'
import { receipt } from '@/lib/protocol/messages/receipt'
import { meterWithKey } from '@/simulator/charger/signing-meter'
import { authorizationFor } from '@/tests/bench/kiosk/kiosk-site'
import { freePort } from '@/tests/fixtures/free-port'
import { IssuerServer } from '@/tests/fixtures/issuer-server'
import { Panel, run, temporaryFolder, until, type Running } from './kiosk-process'

const secret = '1'.repeat(64)
const otherSecret = '2'.repeat(64)
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

/** One session at a charger whose meter signs with `signs`, where the operator vouches for the key of `vouched`. */
async function charge(vouched: string, signs: string): Promise<void> {
  const [screenPort, ocppPort, controlPort] = [await freePort(), await freePort(), await freePort()]
  const path = join(folder.path, 'outpost-kiosk.json')
  const config = {
    charger: { id: 'KIN-01', meterKey: meterWithKey(vouched, 'M').publicKey },
    dataFolder: 'data',
    cloud: { url: cloud.origin },
    screen: { port: screenPort },
    ocpp: { port: ocppPort, meterIntervalS: 1, chargers: [{ identity: 'CP-1', bays: [{ bay: 1 }] }] },
  }
  writeFileSync(path, JSON.stringify(config))
  const env = { OUTPOST_KIOSK_CONFIG: path, OUTPOST_ENROLMENT_CODE: 'CODE-1' }
  const kiosk = await run('charger-kiosk/main.ts', [], env)
  processes.push(kiosk)
  await until(() => kiosk.output().includes('"what":"ready"'), 'a ready kiosk')
  const flags = ['--url', `ws://127.0.0.1:${ocppPort}/ocpp`, '--control-port', String(controlPort)]
  processes.push(
    await run('simulator/charger/main.ts', [...flags, '--meter-key', signs, '--speed', '60'], {}),
  )
  const panel = await Panel.open(screenPort)
  await panel.until('available')
  const hand = (act: string) =>
    fetch(`http://127.0.0.1:${controlPort}/${act}`, { method: 'POST', body: '{}' })
  await hand('plug')
  const { offerCode } = await panel.until('offering')
  const text = await authorizationFor(offerCode, 'anna', 1_500)
  panel.say({ type: 'scanned', connectorId: 1, text })
  await panel.until('charging', ({ energyWh }) => energyWh > 0)
  await hand('unplug')
  await panel.until('finished')
  panel.close()
  await until(() => cloud.events.some(({ kind }) => kind === 'ended'), 'the receipt at the cloud')
}

const faults = (): readonly string[] =>
  cloud.events.flatMap((event) =>
    event.kind === 'incident' && event.what.startsWith('meter.') ? [event.what] : [],
  )

const receipts = () =>
  cloud.events.flatMap((event) =>
    event.kind === 'ended' ? [expectOk(parseMessage(receipt, event.receipt), 'a receipt').payload] : [],
  )

test('a meter whose key the operator vouches for signs the session, and the receipt names its records', async () => {
  await charge(secret, secret)
  expect(faults()).toEqual([])
  expect(receipts()[0]?.meterRecordHash).toMatch(/^[0-9a-f]{32}$/)
})

test('records of another meter than the one that was enrolled become an incident, and the session goes on', async () => {
  await charge(secret, otherSecret)
  expect(faults()).toContain('meter.record-key-other')
  expect(receipts()).toHaveLength(1)
})

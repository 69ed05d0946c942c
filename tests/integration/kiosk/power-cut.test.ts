/** The real controller process under SIGKILL, with the real virtual charger on a real OCPP socket. */

import { expect, test, afterEach, beforeEach } from 'vitest'
import { envelopeFromText } from '@/lib/protocol/envelope'
import { parseMessage } from '@/lib/protocol/message'
import { offer } from '@/lib/protocol/messages/offer'
import { receipt } from '@/lib/protocol/messages/receipt'
import { expectOk } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { IssuerServer } from '@/tests/fixtures/issuer-server'
import { TestWallet } from '@/tests/fixtures/kiosk-world'
import { freePort } from '@/tests/fixtures/free-port'
import { Panel, run, temporaryFolder, until, type Running } from './kiosk-process'

let folder: ReturnType<typeof temporaryFolder>
let cloud: IssuerServer
let kioskPort: number
let ocppPort: number
let controlPort: number
const processes: Running[] = []

beforeEach(async () => {
  folder = temporaryFolder()
  cloud = await new IssuerServer().listen()
  kioskPort = await freePort()
  ocppPort = await freePort()
  controlPort = await freePort()
})
afterEach(async () => {
  for (const { child } of processes.splice(0)) child.kill('SIGKILL')
  await cloud.close()
  folder.remove()
})

const startKiosk = async (changes: Readonly<Record<string, string>> = {}): Promise<Running> => {
  const kiosk = await run('charger-kiosk/main.ts', [], {
    OUTPOST_KIOSK_DATA: folder.path,
    OUTPOST_CLOUD_URL: cloud.origin,
    OUTPOST_KIOSK_PORT: String(kioskPort),
    OUTPOST_OCPP_PORT: String(ocppPort),
    OUTPOST_CHARGER_ID: 'KIN-01',
    OUTPOST_OCPP_IDENTITY: 'CP-1',
    OUTPOST_ENROLMENT_CODE: 'CODE-1',
    OUTPOST_METER_INTERVAL_S: '1',
    ...changes,
  })
  processes.push(kiosk)
  return kiosk
}

const startCharger = async (): Promise<Running> => {
  const charger = await run(
    'simulator/charger/main.ts',
    [
      '--url',
      `ws://127.0.0.1:${ocppPort}/ocpp`,
      '--identity',
      'CP-1',
      '--control-port',
      String(controlPort),
      '--meter-start-wh',
      '5000',
      '--speed',
      '60',
    ],
    {},
  )
  processes.push(charger)
  return charger
}

interface ChargerView {
  readonly connectors: readonly { readonly status: string; readonly registerWh: number }[]
}

const hand = async (act: string, body: object = {}): Promise<ChargerView> => {
  const method = act === 'state' ? {} : { method: 'POST', body: JSON.stringify(body) }
  return (await (await fetch(`http://127.0.0.1:${controlPort}/${act}`, method)).json()) as ChargerView
}

const ready = (kiosk: Running) =>
  until(() => kiosk.output().includes('"what":"ready"'), `a ready kiosk in ${kiosk.output()}`)

test('killed in the middle of charging, the controller comes back into the true state and the receipt is right', async () => {
  const first = await startKiosk()
  await ready(first)
  const charger = await startCharger()
  await until(() => charger.output().includes('127.0.0.1'), 'the charger’s control')
  let panel = await Panel.open(kioskPort)
  await panel.until('available')
  await hand('plug')
  const offering = await panel.until('offering')
  const offered = expectOk(
    parseMessage(offer, expectOk(envelopeFromText(offering.offerCode), 'a code').parts[0]!),
    'an offer',
  )
  const now = epochSeconds(Math.floor(Date.now() / 1_000))
  const wallet = await TestWallet.create('anna', {
    notBeforeS: epochSeconds(now - 86_400),
    notAfterS: epochSeconds(now + 86_400),
  })
  const held = await wallet.authorize(offered, 1_500)
  panel.say({ type: 'scanned', connectorId: 1, text: held.text })
  const charging = await panel.until('charging', ({ energyWh }) => energyWh > 0)
  expect(charging.stopCode).toMatch(/^\d{6}$/)

  first.child.kill('SIGKILL')
  expect((await first.ended).signal).toBe('SIGKILL')
  const second = await startKiosk()
  await ready(second)
  panel = await Panel.open(kioskPort)
  const resumed = await panel.until('charging', ({ energyWh }) => energyWh > charging.energyWh)
  expect(resumed.sessionId).toBe(charging.sessionId)
  // The minute in which the stop code is shown is not over.
  expect(resumed.stopCode).toBe(charging.stopCode)

  panel.say({ type: 'stop', connectorId: 1, stopCode: charging.stopCode ?? '' })
  const finished = await panel.until('finished')
  const { registerWh } = (await hand('state')).connectors[0]!
  const signed = expectOk(
    parseMessage(receipt, expectOk(envelopeFromText(finished.receiptCode), 'a code').parts[0]!),
    'a receipt',
  )
  expect(signed.payload).toMatchObject({
    sessionId: held.authorization.hash,
    counter: 1,
    meterStartWh: 5_000,
    meterStopWh: registerWh,
    stopReason: 'stop-code',
  })
  // 0.49 a kWh, half up, no other component.
  expect(finished.totalMinor).toBe(Math.floor(((registerWh - 5_000) * 49) / 1_000 + 0.5))
  expect(finished.releasedMinor).toBe(1_500 - finished.totalMinor)

  // The same authorization gets the receipt from now on, at the same charger.
  panel.say({ type: 'scanned', connectorId: 1, text: held.text })
  await until(
    () =>
      panel.messages.some(
        (message) => message.type === 'shown-again' && message.code === finished.receiptCode,
      ),
    'the receipt once more',
  )
  await until(() => cloud.events.some(({ kind }) => kind === 'ended'), 'the log at the cloud')
  expect(cloud.events.filter(({ kind }) => kind === 'boot')).toHaveLength(2)
  expect(cloud.events.filter(({ kind }) => kind === 'accepted')).toHaveLength(1)
  expect(cloud.enrolments).toBe(1)

  second.child.kill('SIGTERM')
  expect(await second.ended).toEqual({ code: 0, signal: null })
})

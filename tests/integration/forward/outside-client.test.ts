/**
 * An outside OCPP client against `outpost-kiosk run`, with a site CSMS behind it: a whole session by its own words, an outage
 * of everybody in the middle (the site CSMS dies, then the controller by SIGKILL), and a stop by the site CSMS.
 */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { envelopeFromText } from '@/lib/protocol/envelope'
import { parseMessage } from '@/lib/protocol/message'
import { offer } from '@/lib/protocol/messages/offer'
import { receipt } from '@/lib/protocol/messages/receipt'
import { freePort } from '@/tests/fixtures/free-port'
import { IssuerServer } from '@/tests/fixtures/issuer-server'
import { TestWallet } from '@/tests/fixtures/kiosk-world'
import { Panel, run, temporaryFolder, until, type Running } from '../kiosk/kiosk-process'
import { OutsideClient } from './outside-client'
import { SiteCsms } from './site-csms'

const password = 'outside-password-1'
let folder: ReturnType<typeof temporaryFolder>
let cloud: IssuerServer
let site: SiteCsms
let screenPort: number
let ocppPort: number
const processes: Running[] = []
const clients: OutsideClient[] = []

beforeEach(async () => {
  folder = temporaryFolder()
  cloud = await new IssuerServer().listen()
  screenPort = await freePort()
  ocppPort = await freePort()
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.cut()
  for (const { child } of processes.splice(0)) child.kill('SIGKILL')
  await site.kill()
  await cloud.close()
  folder.remove()
})

async function startKiosk(version: '1.6' | '2.0.1'): Promise<Running> {
  const path = join(folder.path, 'outpost-kiosk.json')
  writeFileSync(join(folder.path, 'site-password'), 'site-secret\n', { mode: 0o600 })
  const forward = {
    url: site.url,
    version,
    identity: 'SITE-7',
    passwordFile: 'site-password',
    backfillPerSecond: 200,
  }
  const config = {
    charger: { id: 'KIN-01' },
    dataFolder: join(folder.path, 'data'),
    cloud: { url: cloud.origin },
    screen: { port: screenPort },
    ocpp: { port: ocppPort, chargers: [{ identity: 'WALL-1', password, bays: [{ bay: 1 }], forward }] },
  }
  writeFileSync(path, JSON.stringify(config))
  const env = { OUTPOST_ENROLMENT_CODE: 'CODE-1' }
  const kiosk = await run('charger-kiosk/cli/main.ts', ['run', '--config', path], env)
  processes.push(kiosk)
  await until(() => kiosk.output().includes('"what":"ready"'), `a ready kiosk in ${kiosk.output()}`)
  return kiosk
}

const address = () => `ws://127.0.0.1:${ocppPort}/ocpp`

async function connect(version: '1.6' | '2.0.1'): Promise<OutsideClient> {
  const client = await OutsideClient.open(address(), `ocpp${version}`, 'WALL-1', password)
  clients.push(client)
  return client
}

async function health(): Promise<Record<string, unknown>> {
  return (await (await fetch(`http://127.0.0.1:${screenPort}/health`)).json()) as Record<string, unknown>
}

async function doctor(): Promise<unknown> {
  const asked = ['doctor', '--json', '--config', join(folder.path, 'outpost-kiosk.json')]
  const running = await run('charger-kiosk/cli/main.ts', asked, {})
  await running.ended
  const { findings } = JSON.parse(running.output()) as { findings: { check: string }[] }
  return findings.find(({ check }) => check === 'forwarding')
}

async function untilHealth(key: string, isReached: (value: number) => boolean): Promise<void> {
  while (!isReached(Number((await health())[key]))) await new Promise((resolve) => setTimeout(resolve, 20))
}

async function authorize(panel: Panel): Promise<void> {
  const { offerCode } = await panel.until('offering')
  const [bytes] = expectOk(envelopeFromText(offerCode), 'a code').parts
  const offered = expectOk(parseMessage(offer, bytes ?? new Uint8Array()), 'an offer')
  const now = epochSeconds(Math.floor(Date.now() / 1_000))
  const validity = { notBeforeS: epochSeconds(now - 86_400), notAfterS: epochSeconds(now + 86_400) }
  const held = await (await TestWallet.create('driver', validity)).authorize(offered, 1_500)
  panel.say({ type: 'scanned', connectorId: 1, text: held.text })
}

async function finished(panel: Panel) {
  const { receiptCode } = await panel.until('finished')
  const [bytes] = expectOk(envelopeFromText(receiptCode), 'a code').parts
  return expectOk(parseMessage(receipt, bytes ?? new Uint8Array()), 'a receipt').payload
}

const iso = (offsetS = 0): string => new Date(Date.now() + offsetS * 1_000).toISOString()
type Fields = Record<string, unknown>
const inside = (value: unknown, key: string): unknown => (value as Fields | undefined)?.[key]

test('OCPP 1.6: boot, authorize, start, readings, an outage in the middle, profiles, and a stop by the site CSMS', async () => {
  site = await new SiteCsms('1.6', 'site-secret').start()
  const first = await startKiosk('1.6')
  await expect(OutsideClient.open(address(), 'ocpp1.6', 'WALL-1', 'wrong-password')).rejects.toThrow('401')
  let client = await connect('1.6')
  const boot = '{ "chargePointVendor": "Elsewhere", "chargePointModel": "Post", "firmwareVersion": "9.10" }'
  expect(await client.callText('BootNotification', boot)).toMatchObject({ status: 'Accepted' })
  const status = (state: string) =>
    client.call('StatusNotification', {
      connectorId: 1,
      errorCode: 'NoError',
      status: state,
      timestamp: iso(),
    })
  await status('Available')
  expect(await client.call('Heartbeat', {})).toHaveProperty('currentTime')
  const stranger = await client.call('Authorize', { idTag: 'SOMEBODYS-CARD' })
  expect(inside(stranger['idTagInfo'], 'status')).toBe('Invalid')
  await site.until(() => site.of('BootNotification').length === 1)
  expect(site.of('BootNotification')[0]?.text).toBe(boot)

  await status('Preparing')
  let panel = await Panel.open(screenPort)
  await authorize(panel)
  await until(() => client.of('RemoteStartTransaction').length === 1, 'the remote start')
  const tag = String(client.of('RemoteStartTransaction')[0]?.['idTag'])
  const started = { connectorId: 1, idTag: tag, meterStart: 10_000, timestamp: iso() }
  const { transactionId } = await client.call('StartTransaction', started)
  await status('Charging')
  const reading = (wh: string, at = iso()): string =>
    `{ "connectorId": 1,  "transactionId": ${String(transactionId)}, "meterValue": [ {"timestamp": "${at}", "sampledValue": [{ "value": "${wh}", "measurand": "Energy.Active.Import.Register", "unit": "Wh" }] } ] }`
  await client.callText('MeterValues', reading('10100.50'))
  await panel.until('charging', ({ energyWh }) => energyWh >= 100)
  await site.until(() => site.of('MeterValues').length === 1)
  // Byte for byte, but for the number that the site CSMS gave.
  expect(site.of('MeterValues')[0]?.text).toBe(
    reading(
      '10100.50',
      String(inside((site.of('MeterValues')[0]?.params['meterValue'] as Fields[])[0], 'timestamp')),
    ).replace(`"transactionId": ${String(transactionId)}`, '"transactionId": 7001'),
  )

  // It lowers what the bay draws; the charger is told by a profile of ours.
  await until(() => client.of('SetChargingProfile').length > 0, 'a profile of the session')
  const schedule = { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }] }
  const purpose = {
    stackLevel: 1,
    chargingProfilePurpose: 'TxDefaultProfile',
    chargingProfileKind: 'Relative',
  }
  const csChargingProfiles = { chargingProfileId: 77, ...purpose, chargingSchedule: schedule }
  expect(await site.command('SetChargingProfile', { connectorId: 1, csChargingProfiles })).toEqual({
    status: 'Accepted',
  })
  const lowered = () =>
    client
      .of('SetChargingProfile')
      .map((one) => one['csChargingProfiles'] as Fields)
      .find(
        (one) => one['chargingProfilePurpose'] === 'TxProfile' && JSON.stringify(one).includes('"limit":10}'),
      )
  await until(() => lowered() !== undefined, 'the lowered profile')
  expect(lowered()?.['transactionId']).toBe(transactionId)

  // The site CSMS dies, then the controller, then the link is there again: without a BootNotification.
  await site.kill()
  await client.callText('MeterValues', reading('10200'))
  await untilHealth('forwardWaiting', (waiting) => waiting >= 1)
  panel.close()
  first.child.kill('SIGKILL')
  await first.ended
  await startKiosk('1.6')
  client = await connect('1.6')
  await client.callText('MeterValues', reading('10150', iso(-20)))
  await client.callText('MeterValues', reading('10300'))
  const told = await client.call('StartTransaction', started)
  expect(told).toMatchObject({ transactionId, idTagInfo: { status: 'Accepted' } })
  panel = await Panel.open(screenPort)
  await panel.until('charging', ({ energyWh }) => energyWh >= 300)

  await site.start()
  await site.until(() => site.of('MeterValues').length >= 4)
  expect(await site.command('RemoteStopTransaction', { transactionId: 7_001 })).toEqual({
    status: 'Accepted',
  })
  await until(() => client.of('RemoteStopTransaction').length > 0, 'the remote stop')
  expect(client.of('RemoteStopTransaction')[0]).toEqual({ transactionId })
  const stop = { transactionId, meterStop: 10_400, timestamp: iso(), reason: 'Remote', idTag: tag }
  await client.call('StopTransaction', stop)
  // Once more, as chargers do that missed the answer.
  await client.call('StopTransaction', stop)
  expect(await finished(panel)).toMatchObject({
    meterStartWh: 10_000,
    meterStopWh: 10_400,
    stopReason: 'limit',
  })
  await site.until(() => site.of('StopTransaction').length === 1)
  await untilHealth('forwardWaiting', (waiting) => waiting === 0)

  expect(site.of('StartTransaction').map(({ params }) => params)).toEqual([started])
  expect(site.of('StopTransaction').map(({ params }) => params)).toEqual([{ ...stop, transactionId: 7_001 }])
  const values = site.of('MeterValues').map(({ text }) => /"value": "([\d.]+)"/.exec(text)?.[1])
  expect(values).toEqual(['10100.50', '10200', '10150', '10300'])
  expect(await health()).toMatchObject({ forwardConnected: 1, forwardSetAside: 0, forwardFault: 'none' })
  await until(() => cloud.events.some((event) => event.kind === 'site-command'), 'the command in the log')
})

test('OCPP 2.0.1: the same, with seqNo and offline kept, and a site that is told everything once', async () => {
  site = await new SiteCsms('2.0.1', 'site-secret').start()
  const first = await startKiosk('2.0.1')
  let client = await connect('2.0.1')
  const chargingStation = { vendorName: 'Elsewhere', model: 'Post' }
  expect(await client.call('BootNotification', { reason: 'PowerUp', chargingStation })).toMatchObject({
    status: 'Accepted',
  })
  const status = (connectorStatus: string) =>
    client.call('StatusNotification', { evseId: 1, connectorId: 1, connectorStatus, timestamp: iso() })
  await status('Available')
  const idToken = { idToken: 'SOMEBODYS-CARD', type: 'ISO14443' }
  const stranger = await client.call('Authorize', { idToken })
  expect(inside(stranger['idTokenInfo'], 'status')).not.toBe('Accepted')

  await status('Occupied')
  let panel = await Panel.open(screenPort)
  await authorize(panel)
  await until(() => client.of('RequestStartTransaction').length === 1, 'the remote start')
  const request = client.of('RequestStartTransaction')[0]
  let seqNo = 0
  const event = (eventType: string, triggerReason: string, wh: number, changes: Fields = {}): string => {
    const timestamp = iso(changes['offline'] === true ? -20 : 0)
    const info = {
      transactionId: 'T-1',
      remoteStartId: request?.['remoteStartId'],
      chargingState: 'Charging',
    }
    const measured = `{"timestamp": "${timestamp}", "sampledValue": [{"value": ${wh}.0, "measurand": "Energy.Active.Import.Register"}]}`
    const rest = JSON.stringify({
      eventType,
      timestamp,
      triggerReason,
      seqNo: seqNo++,
      evse: { id: 1, connectorId: 1 },
      transactionInfo: info,
      ...changes,
    })
    return `${rest.slice(0, -1)}, "meterValue": [${measured}]}`
  }
  const sent: string[] = []
  const send = (text: string): Promise<unknown> => {
    sent.push(text)
    return client.callText('TransactionEvent', text)
  }
  await send(event('Started', 'RemoteStart', 10_000, { idToken: request?.['idToken'] }))
  await send(event('Updated', 'MeterValuePeriodic', 10_100))
  await panel.until('charging', ({ energyWh }) => energyWh >= 100)
  await site.until(() => site.of('TransactionEvent').length === 2)
  expect(site.of('TransactionEvent').map(({ text }) => text)).toEqual(sent)

  await site.kill()
  await untilHealth('forwardConnected', (count) => count === 0)
  await send(event('Updated', 'MeterValuePeriodic', 10_200))
  panel.close()
  first.child.kill('SIGKILL')
  await first.ended
  // Nobody runs, and doctor still knows what the site has yet to hear.
  expect(await doctor()).toMatchObject({
    state: 'ok',
    found: expect.stringContaining(' 1 messages wait') as string,
  })
  await startKiosk('2.0.1')
  client = await connect('2.0.1')
  await send(event('Updated', 'MeterValuePeriodic', 10_250, { offline: true }))
  await send(event('Updated', 'MeterValuePeriodic', 10_300))
  // What it cannot know to have been heard before the controller died, it says again.
  await client.callText('TransactionEvent', sent[2] ?? '')
  panel = await Panel.open(screenPort)
  await panel.until('charging', ({ energyWh }) => energyWh >= 300)
  await site.start()
  await site.until(() => site.of('TransactionEvent').length >= 5)
  expect(await site.command('RequestStopTransaction', { transactionId: 'T-1' })).toEqual({
    status: 'Accepted',
  })
  await until(() => client.of('RequestStopTransaction').length > 0, 'the remote stop')
  await send(event('Ended', 'RemoteStop', 10_400))
  expect(await finished(panel)).toMatchObject({
    meterStartWh: 10_000,
    meterStopWh: 10_400,
    stopReason: 'limit',
  })
  await site.until(() => site.of('TransactionEvent').length >= 6)

  const heard = site.of('TransactionEvent').map(({ params }) => params)
  expect(heard.map((one) => one['seqNo'])).toEqual([0, 1, 2, 3, 4, 5])
  expect(heard.map((one) => one['offline'] ?? false)).toEqual([false, false, true, true, true, false])
  expect(await health()).toMatchObject({ forwardConnected: 1, forwardSetAside: 0 })
})

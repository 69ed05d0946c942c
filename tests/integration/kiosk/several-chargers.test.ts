/**
 * One controller process with three OCPP chargers as processes of their own: two of 1.6, one of 2.0.1 with two EVSEs.
 * Sessions on all four bays at once, a link that is lost, and SIGKILL.
 */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { envelopeFromText } from '@/lib/protocol/envelope'
import { parseMessage } from '@/lib/protocol/message'
import { offer } from '@/lib/protocol/messages/offer'
import { receipt, type Receipt } from '@/lib/protocol/messages/receipt'
import type { ConnectorPhase } from '@/charger-kiosk/screen-protocol'
import { IssuerServer } from '@/tests/fixtures/issuer-server'
import { TestWallet } from '@/tests/fixtures/kiosk-world'
import { freePort } from '@/tests/fixtures/free-port'
import { Panel, run, temporaryFolder, until, type Running } from './kiosk-process'

const chargers = [
  { identity: 'CP-A', version: '1.6', startWh: 10_000 },
  { identity: 'CP-B', version: '1.6', startWh: 20_000 },
  { identity: 'CP-C', version: '2.0.1', startWh: 30_000 },
] as const
type Identity = (typeof chargers)[number]['identity']

/** By bay − 1. */
const places: readonly (readonly [Identity, number])[] = [
  ['CP-A', 1],
  ['CP-B', 1],
  ['CP-C', 1],
  ['CP-C', 2],
]

let folder: ReturnType<typeof temporaryFolder>
let cloud: IssuerServer
let kioskPort: number
let ocppPort: number
const control = new Map<Identity, number>()
const processes: Running[] = []

beforeEach(async () => {
  folder = temporaryFolder()
  cloud = await new IssuerServer().listen()
  kioskPort = await freePort()
  ocppPort = await freePort()
  for (const { identity } of chargers) control.set(identity, await freePort())
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
    ocpp: {
      port: ocppPort,
      meterIntervalS: 1,
      chargers: [
        { identity: 'CP-A', bays: [{ bay: 1, connectorId: 1 }] },
        { identity: 'CP-B', bays: [{ bay: 2, connectorId: 1 }] },
        {
          identity: 'CP-C',
          bays: [
            { bay: 3, evseId: 1 },
            { bay: 4, evseId: 2 },
          ],
        },
      ],
    },
  }
  writeFileSync(path, JSON.stringify(config))
  const kiosk = await run('charger-kiosk/main.ts', [], {
    OUTPOST_KIOSK_CONFIG: path,
    OUTPOST_ENROLMENT_CODE: 'CODE-1',
  })
  processes.push(kiosk)
  await until(() => kiosk.output().includes('"what":"ready"'), `a ready kiosk in ${kiosk.output()}`)
  return kiosk
}

async function startChargers(): Promise<void> {
  for (const { identity, version, startWh } of chargers) {
    const url = `ws://127.0.0.1:${ocppPort}/ocpp`
    const port = String(control.get(identity) ?? 0)
    const flags = ['--url', url, '--identity', identity, '--ocpp', version, '--control-port', port]
    const charger = await run(
      'simulator/charger/main.ts',
      [...flags, '--connectors', '2', '--speed', '60', '--meter-start-wh', String(startWh)],
      {},
    )
    processes.push(charger)
    await until(() => charger.output().includes('control http'), `the control of ${identity}`)
  }
}

interface ChargerView {
  readonly connectors: readonly { readonly registerWh: number }[]
}

async function hand(identity: Identity, act: string, body: object = {}): Promise<ChargerView> {
  const method = act === 'state' ? {} : { method: 'POST', body: JSON.stringify(body) }
  const answer = await fetch(`http://127.0.0.1:${control.get(identity) ?? 0}/${act}`, method)
  return (await answer.json()) as ChargerView
}

function phaseAt<K extends ConnectorPhase['kind']>(
  panel: Panel,
  bay: number,
  kind: K,
  test: (phase: Extract<ConnectorPhase, { kind: K }>) => boolean = () => true,
): Promise<Extract<ConnectorPhase, { kind: K }>> {
  return until(() => {
    const phase = panel.state?.connectors[bay - 1]?.phase
    if (phase?.kind !== kind) return undefined
    const wanted = phase as Extract<ConnectorPhase, { kind: K }>
    return test(wanted) ? wanted : undefined
  }, `bay ${bay} in ${kind}`)
}

async function startSession(panel: Panel, bay: number): Promise<string> {
  const [identity, connectorId] = places[bay - 1] ?? ['CP-A', 0]
  await phaseAt(panel, bay, 'available')
  await hand(identity, 'plug', { connectorId })
  const { offerCode } = await phaseAt(panel, bay, 'offering')
  const [bytes] = expectOk(envelopeFromText(offerCode), 'a code').parts
  const offered = expectOk(parseMessage(offer, bytes ?? new Uint8Array()), 'an offer')
  expect(offered.payload.connectorId).toBe(bay)
  const now = epochSeconds(Math.floor(Date.now() / 1_000))
  const validity = { notBeforeS: epochSeconds(now - 86_400), notAfterS: epochSeconds(now + 86_400) }
  const held = await (await TestWallet.create(`driver ${bay}`, validity)).authorize(offered, 1_500)
  panel.say({ type: 'scanned', connectorId: bay, text: held.text })
  const { stopCode } = await phaseAt(panel, bay, 'charging', ({ energyWh }) => energyWh > 0)
  return stopCode ?? ''
}

test('four bays charge at once; a lost link and SIGKILL touch nothing that is not theirs, and every receipt is right', async () => {
  const first = await startKiosk()
  await startChargers()
  let panel = await Panel.open(kioskPort)
  const stopCodes: string[] = []
  for (const bay of [1, 2, 3, 4]) stopCodes.push(await startSession(panel, bay))

  // A is gone for as long as it likes; the other three go on being told.
  await hand('CP-A', 'drop-link', { downMs: 3_600_000 })
  const before = await Promise.all([2, 3, 4].map((bay) => phaseAt(panel, bay, 'charging')))
  for (const [index, bay] of [2, 3, 4].entries()) {
    const { energyWh = 0 } = before[index] ?? {}
    await phaseAt(panel, bay, 'charging', (phase) => phase.energyWh > energyWh)
  }
  expect(panel.state?.connectors[0]?.phase.kind).toBe('charging')

  first.child.kill('SIGKILL')
  await first.ended
  await startKiosk()
  panel = await Panel.open(kioskPort)
  const kinds = () => panel.state?.connectors.map(({ phase }) => phase.kind)
  expect(kinds()).toEqual(['charging', 'charging', 'charging', 'charging'])

  const receipts: Receipt[] = []
  for (const bay of [4, 2, 3]) {
    const stopCode = stopCodes[bay - 1] ?? ''
    // A charger that is back says how its sessions stand before it can be told to stop one.
    await phaseAt(panel, bay, 'charging', ({ energyWh }) => energyWh > 0)
    await until(() => {
      panel.say({ type: 'stop', connectorId: bay, stopCode })
      return panel.state?.connectors[bay - 1]?.phase.kind !== 'charging'
    }, `bay ${bay} to heed its stop code`)
    const { receiptCode } = await phaseAt(panel, bay, 'finished')
    const [bytes] = expectOk(envelopeFromText(receiptCode), 'a code').parts
    const { payload } = expectOk(parseMessage(receipt, bytes ?? new Uint8Array()), 'a receipt')
    const [identity, connectorId] = places[bay - 1] ?? ['CP-A', 0]
    const register = (await hand(identity, 'state')).connectors[connectorId - 1]?.registerWh
    const startWh = chargers.find((one) => one.identity === identity)?.startWh
    expect(payload).toMatchObject({ meterStartWh: startWh, meterStopWh: register, stopReason: 'stop-code' })
    receipts.push(payload)
  }
  expect(receipts.map(({ counter }) => counter)).toEqual([1, 2, 3])
  expect(kinds()).toEqual(['charging', 'finished', 'finished', 'finished'])
})

/**
 * Cards at real chargers' readers, in processes and on sockets, one of OCPP 1.6 and one of 2.0.1: while the controller is
 * there, while it is killed in the middle, and while it is away from the first moment to the last.
 */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { parseMessage } from '@/lib/protocol/message'
import { receipt, type Receipt } from '@/lib/protocol/messages/receipt'
import type { ConnectorPhase } from '@/charger-kiosk/screen-protocol'
import { annasCard, annasSerial, bensCard, bensSerial, cardList, entry } from '@/tests/fixtures/card-lists'
import { freePort } from '@/tests/fixtures/free-port'
import { IssuerServer } from '@/tests/fixtures/issuer-server'
import { Panel, run, temporaryFolder, until, type Running } from './kiosk-process'

/** The bay of each is its place in this list, from one up. */
const chargers = [
  { identity: 'CP-A', version: '1.6', card: annasCard },
  { identity: 'CP-B', version: '2.0.1', card: bensCard },
] as const
type Charger = (typeof chargers)[number]
type Identity = Charger['identity']

let folder: ReturnType<typeof temporaryFolder>
let cloud: IssuerServer
let ports: { kiosk: number; ocpp: number; control: Readonly<Record<Identity, number>> }
const processes: Running[] = []

beforeEach(async () => {
  folder = temporaryFolder()
  cloud = await new IssuerServer().listen()
  cloud.capabilities = 5
  const nowS = Math.floor(Date.now() / 1_000)
  const times = { timeS: epochSeconds(nowS), notAfterS: epochSeconds(nowS + 86_400) }
  const validity = { notBeforeS: epochSeconds(nowS - 86_400), notAfterS: epochSeconds(nowS + 86_400) }
  const cards = await Promise.all([
    entry(annasCard, annasSerial, {}, validity),
    entry(bensCard, bensSerial, {}, validity),
  ])
  cloud.localList = await cardList(times, cards)
  const control = { 'CP-A': await freePort(), 'CP-B': await freePort() }
  ports = { kiosk: await freePort(), ocpp: await freePort(), control }
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
    screen: { port: ports.kiosk },
    ocpp: {
      port: ports.ocpp,
      meterIntervalS: 1,
      chargers: chargers.map(({ identity }, index) => ({ identity, bays: [{ bay: index + 1, evseId: 1 }] })),
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

async function startCharger({ identity, version }: Charger): Promise<void> {
  const url = `ws://127.0.0.1:${ports.ocpp}/ocpp`
  const control = String(ports.control[identity])
  const flags = ['--url', url, '--identity', identity, '--ocpp', version, '--control-port', control]
  const started = await run(
    'simulator/charger/main.ts',
    [...flags, '--speed', '60', '--reconnect-ms', '100'],
    {},
  )
  processes.push(started)
  await until(() => started.output().includes('control http'), `the control of ${identity}`)
}

interface ChargerView {
  readonly listedCards: number
  readonly isLinked: boolean
  readonly connectors: readonly { readonly transaction: { readonly energyWh: number } | null }[]
}

async function hand({ identity }: Charger, act: string, body: object = {}): Promise<ChargerView> {
  const method = act === 'state' ? {} : { method: 'POST', body: JSON.stringify(body) }
  const answer = await fetch(`http://127.0.0.1:${ports.control[identity]}/${act}`, method)
  return (await answer.json()) as ChargerView
}

const present = (charger: Charger): Promise<ChargerView> => hand(charger, 'card', { idTag: charger.card })

async function seen(
  charger: Charger,
  test: (view: ChargerView) => boolean,
  what: string,
): Promise<ChargerView> {
  let view = await hand(charger, 'state')
  await until(() => {
    void hand(charger, 'state').then((next) => (view = next))
    return test(view)
  }, `${what} at ${charger.identity}`)
  return view
}

const energyOf = ({ connectors }: ChargerView): number => connectors[0]?.transaction?.energyWh ?? 0

const both = <T>(act: (charger: Charger) => Promise<T>): Promise<readonly T[]> =>
  Promise.all(chargers.map(act))

const phase = (panel: Panel, kind: ConnectorPhase['kind']): Promise<readonly boolean[]> =>
  both(({ identity }) => {
    const bay = chargers.findIndex((one) => one.identity === identity)
    return until(() => panel.state?.connectors[bay]?.phase.kind === kind, `bay ${bay + 1} in ${kind}`)
  })

const receipts = (): readonly Receipt[] =>
  cloud.events.flatMap((event) =>
    event.kind === 'ended' ? [expectOk(parseMessage(receipt, event.receipt), 'a receipt').payload] : [],
  )

async function kill({ child, ended }: Running): Promise<void> {
  child.kill('SIGKILL')
  await ended
}

const energyIn = (some: readonly Receipt[]): number =>
  some.reduce((sum, { meterStartWh, meterStopWh }) => sum + meterStopWh - meterStartWh, 0)

const sum = (figures: readonly number[]): number => figures.reduce((total, one) => total + one, 0)

test('cards start and stop; a kill in the middle and sessions without any controller cost nobody a cent', async () => {
  const first = await startKiosk()
  await both(startCharger)
  const panel = await Panel.open(ports.kiosk)
  await phase(panel, 'available')
  await both((one) => seen(one, ({ listedCards }) => listedCards === 2, 'its own list of two cards'))

  await both((one) => hand(one, 'plug'))
  await phase(panel, 'offering')
  await both(present)
  await phase(panel, 'charging')
  await both((one) => seen(one, (view) => energyOf(view) > 500, 'energy'))
  await kill(first)
  await both((one) => seen(one, (view) => !view.isLinked, 'a lost link'))

  const second = await startKiosk()
  const again = await Panel.open(ports.kiosk)
  await phase(again, 'charging')
  const before = (await both((one) => seen(one, (view) => view.isLinked, 'a link'))).map(energyOf)
  await both(present)
  await phase(again, 'finished')
  await until(() => receipts().length === 2, 'the receipts at the cloud')
  const stopped = receipts()
  expect(stopped.map(({ stopReason }) => stopReason)).toEqual(['card', 'card'])
  expect(energyIn(stopped)).toBeGreaterThanOrEqual(sum(before))

  await both((one) => hand(one, 'unplug'))
  await kill(second)
  await both((one) => seen(one, (view) => !view.isLinked, 'a lost link'))
  await both((one) => hand(one, 'plug'))
  await both(present)
  const views = await both((one) => seen(one, (view) => energyOf(view) > 500, 'energy without a controller'))
  await both(present)
  await both((one) => hand(one, 'unplug'))

  await startKiosk()
  await until(() => receipts().length === 4, 'the receipts of what nobody saw')
  const late = receipts().slice(2)
  expect(energyIn(late)).toBeGreaterThanOrEqual(sum(views.map(energyOf)))
  for (const { totalMinor } of late) expect(totalMinor).toBeGreaterThan(0)
  const all = JSON.stringify(cloud.events)
  expect([all.includes(annasCard), all.includes(bensCard)]).toEqual([false, false])
})

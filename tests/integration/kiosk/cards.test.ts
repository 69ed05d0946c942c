/**
 * Cards at a real charger's reader, in processes and on sockets: while the controller is there, while it is killed in the
 * middle, and while it is away from the first moment to the last.
 */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { parseMessage } from '@/lib/protocol/message'
import { receipt, type Receipt } from '@/lib/protocol/messages/receipt'
import type { ConnectorPhase } from '@/charger-kiosk/screen-protocol'
import { annasCard, annasSerial, bensCard, bensSerial, cardList, entry } from '@/tests/fixtures/card-lists'
import { freePort } from '@/tests/fixtures/free-port'
import { IssuerServer } from '@/tests/fixtures/issuer-server'
import { Panel, run, temporaryFolder, until, type Running } from './kiosk-process'

let folder: ReturnType<typeof temporaryFolder>
let cloud: IssuerServer
let ports: { kiosk: number; ocpp: number; control: number }
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
  ports = { kiosk: await freePort(), ocpp: await freePort(), control: await freePort() }
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
    ocpp: { port: ports.ocpp, meterIntervalS: 1, chargers: [{ identity: 'CP-A', bays: [{ bay: 1 }] }] },
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

async function startCharger(version: string): Promise<void> {
  const url = `ws://127.0.0.1:${ports.ocpp}/ocpp`
  const flags = ['--url', url, '--identity', 'CP-A', '--ocpp', version, '--speed', '60']
  const charger = await run(
    'simulator/charger/main.ts',
    [...flags, '--control-port', String(ports.control)],
    {},
  )
  processes.push(charger)
  await until(() => charger.output().includes('control http'), 'the control of the charger')
}

interface ChargerView {
  readonly listedCards: number
  readonly isLinked: boolean
  readonly waiting: number
  readonly connectors: readonly { readonly transaction: { readonly energyWh: number } | null }[]
}

async function hand(act: string, body: object = {}): Promise<ChargerView> {
  const method = act === 'state' ? {} : { method: 'POST', body: JSON.stringify(body) }
  const answer = await fetch(`http://127.0.0.1:${ports.control}/${act}`, method)
  return (await answer.json()) as ChargerView
}

async function charger(test: (view: ChargerView) => boolean, what: string): Promise<ChargerView> {
  let view = await hand('state')
  await until(() => {
    void hand('state').then((next) => (view = next))
    return test(view)
  }, what)
  return view
}

const energyOf = ({ connectors }: ChargerView): number => connectors[0]?.transaction?.energyWh ?? 0

const phase = (panel: Panel, kind: ConnectorPhase['kind']): Promise<boolean> =>
  until(() => panel.state?.connectors[0]?.phase.kind === kind, `a bay in ${kind}`)

const receipts = (): readonly Receipt[] =>
  cloud.events.flatMap((event) =>
    event.kind === 'ended' ? [expectOk(parseMessage(receipt, event.receipt), 'a receipt').payload] : [],
  )

async function kill({ child, ended }: Running): Promise<void> {
  child.kill('SIGKILL')
  await ended
}

describe.each(['1.6', '2.0.1'])('over OCPP %s', (version) => {
  test('a card starts and stops; a kill in the middle and a session without any controller cost nobody a cent', async () => {
    const first = await startKiosk()
    await startCharger(version)
    const panel = await Panel.open(ports.kiosk)
    await phase(panel, 'available')
    await charger(({ listedCards }) => listedCards === 2, 'its own list of two cards')

    await hand('plug')
    await phase(panel, 'offering')
    await hand('card', { idTag: annasCard })
    await phase(panel, 'charging')
    await charger((view) => energyOf(view) > 500, 'energy')
    await kill(first)
    const { isLinked } = await charger((view) => !view.isLinked, 'a lost link')
    expect(isLinked).toBe(false)

    const second = await startKiosk()
    const again = await Panel.open(ports.kiosk)
    await phase(again, 'charging')
    const before = energyOf(await charger((view) => view.isLinked, 'a link'))
    await hand('card', { idTag: annasCard })
    await phase(again, 'finished')
    await until(() => receipts().length === 1, 'the receipt at the cloud')
    const [stopped] = receipts()
    expect(stopped?.stopReason).toBe('card')
    expect((stopped?.meterStopWh ?? 0) - (stopped?.meterStartWh ?? 0)).toBeGreaterThanOrEqual(before)

    await hand('unplug')
    await kill(second)
    await charger((view) => !view.isLinked, 'a lost link')
    await hand('plug')
    await hand('card', { idTag: bensCard })
    const alone = energyOf(await charger((view) => energyOf(view) > 500, 'energy without a controller'))
    await hand('card', { idTag: bensCard })
    await hand('unplug')

    await startKiosk()
    await until(() => receipts().length === 2, 'the receipt of what nobody saw')
    const [, late] = receipts()
    expect((late?.meterStopWh ?? 0) - (late?.meterStartWh ?? 0)).toBeGreaterThanOrEqual(alone)
    expect(late?.totalMinor).toBeGreaterThan(0)
    const all = JSON.stringify(cloud.events)
    expect([all.includes(annasCard), all.includes(bensCard)]).toEqual([false, false])
  })
})

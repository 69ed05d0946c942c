/** A yard of processes: kiosks with their virtual chargers, and the gateway that has their only line. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { expectOk } from '@/lib/core/result'
import type { Bytes } from '@/lib/core/bytes'
import { envelopeFromText, envelopeToText } from '@/lib/protocol/envelope'
import { parseMessage } from '@/lib/protocol/message'
import { offer } from '@/lib/protocol/messages/offer'
import { freePort } from '../../fixtures/free-port'
import type { TestPhone } from '../../fixtures/session-actors'
import { Panel, run, until, type Running } from '../kiosk/kiosk-process'

export interface GatewayPlace {
  readonly folder: string
  readonly site: string
  readonly cloudOrigin: string
  readonly root: string
  readonly port: number
  readonly dashboardPort: number
  readonly store?: object
  readonly reserve?: object
}

export class GatewayProcess {
  readonly #place: GatewayPlace
  running: Running | undefined

  constructor(place: GatewayPlace) {
    this.#place = place
  }

  get dataFolder(): string {
    return join(this.#place.folder, 'gateway')
  }

  get url(): string {
    return `https://127.0.0.1:${this.#place.port}`
  }

  get dashboard(): string {
    return `http://127.0.0.1:${this.#place.dashboardPort}`
  }

  /** Its pin. */
  async start(): Promise<string> {
    const { folder, site, cloudOrigin, root, port, dashboardPort, store = {}, reserve } = this.#place
    const path = join(folder, 'outpost-gateway.json')
    const config = {
      ...{ site, dataFolder: this.dataFolder, cloud: { url: cloudOrigin, root }, chargers: { port }, store },
      ...{ dashboard: { port: dashboardPort }, reserve },
    }
    writeFileSync(path, JSON.stringify(config))
    const running = await run('site-gateway/main.ts', ['--config', path], {})
    this.running = running
    let isEnded = false
    void running.ended.then(() => (isEnded = true))
    const ready = () => /"what":"ready".*"pin":"([0-9a-f]{64})"/.exec(running.output())?.[1]
    await until(() => isEnded || ready(), 'a gateway that is ready', 10_000)
    const pin = ready()
    if (pin === undefined) throw new Error(running.output())
    return pin
  }

  async kill(): Promise<void> {
    this.running?.child.kill('SIGKILL')
    await this.running?.ended
  }

  /** A figure of its /metrics. */
  async figure(name: string): Promise<number> {
    const text = await (await fetch(`${this.dashboard}/metrics`)).text()
    return Number(new RegExp(`^outpost_gateway_${name} (.*)$`, 'm').exec(text)?.[1])
  }

  async health(): Promise<{ readonly uplink: string; readonly kept: number }> {
    return (await (await fetch(`${this.dashboard}/health`)).json()) as { uplink: string; kept: number }
  }
}

/** A line to a gateway that passes on everything, or lets questions through and no answer. */
export class MuteLine {
  readonly #server: Server
  isMute = false

  private constructor(port: number) {
    this.#server = createServer((near) => {
      const far = connect(port, '127.0.0.1')
      near.pipe(far)
      far.on('data', (chunk: Buffer) => void (this.isMute || near.write(chunk)))
      for (const socket of [near, far]) {
        socket.on('error', () => undefined)
        socket.on('close', () => [near, far].forEach((one) => one.destroy()))
      }
    })
  }

  static async open(port: number): Promise<MuteLine> {
    const line = new MuteLine(port)
    await new Promise<void>((resolve) => line.#server.listen(0, '127.0.0.1', resolve))
    return line
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): void {
    this.#server.close()
  }
}

/** Waits for what other processes bring about and only a question can see. */
export async function eventually(read: () => Promise<boolean>, what: string, everyMs = 30): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!(await read())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}

export interface ChargerOrder {
  readonly folder: string
  readonly id: string
  readonly code: string
  readonly cloudOrigin: string
  readonly gateway: { readonly url: string; readonly pin: string }
}

export class YardCharger {
  readonly #ports: { readonly screen: number; readonly ocpp: number; readonly control: number }
  readonly processes: Running[] = []
  panel: Panel | undefined

  private constructor(ports: { screen: number; ocpp: number; control: number }) {
    this.#ports = ports
  }

  static async start(order: ChargerOrder): Promise<YardCharger> {
    const [screen, ocpp, control] = [await freePort(), await freePort(), await freePort()]
    const yard = new YardCharger({ screen, ocpp, control })
    const folder = join(order.folder, order.id)
    mkdirSync(folder, { recursive: true })
    const path = join(folder, 'outpost-kiosk.json')
    const config = {
      charger: { id: order.id },
      dataFolder: join(folder, 'data'),
      cloud: { url: order.cloudOrigin },
      gateway: order.gateway,
      screen: { port: screen },
      ocpp: {
        port: ocpp,
        meterIntervalS: 1,
        chargers: [{ identity: 'CP', bays: [{ bay: 1, connectorId: 1 }] }],
      },
    }
    writeFileSync(path, JSON.stringify(config))
    const env = { OUTPOST_KIOSK_CONFIG: path, OUTPOST_ENROLMENT_CODE: order.code, OUTPOST_DEMO: '1' }
    const kiosk = await run('charger-kiosk/main.ts', [], env)
    yard.processes.push(kiosk)
    const url = `ws://127.0.0.1:${ocpp}/ocpp`
    const flags = ['--url', url, '--identity', 'CP', '--ocpp', '1.6', '--control-port', String(control)]
    yard.processes.push(await run('simulator/charger/main.ts', [...flags, '--speed', '120'], {}))
    await until(() => kiosk.output().includes('"what":"ready"'), `a ready kiosk in ${kiosk.output()}`, 15_000)
    yard.panel = await Panel.open(screen)
    return yard
  }

  get output(): string {
    return this.processes.map(({ output }) => output()).join('')
  }

  /** Its own line, which the yard does not have; says also that the network has changed. */
  async ownLine(isThere: boolean): Promise<void> {
    await fetch(`http://127.0.0.1:${this.#ports.screen}/demo/uplink`, {
      method: 'POST',
      body: JSON.stringify({ offline: !isThere }),
    })
  }

  /** A whole session but for its ending. Gives the code that ends it. */
  async begin(phone: TestPhone, holdMinor?: number): Promise<string> {
    const panel = this.#panel
    const before = panel.messages.length
    await this.#offered(phone, holdMinor)
    const { stopCode } = await until(() => {
      const refused = this.#refusedSince(before)
      if (refused !== undefined) throw new Error(`Refused with ${refused}: ${this.output}`)
      return panel.phase?.kind === 'charging' && panel.phase.energyWh > 0 ? panel.phase : undefined
    }, 'power that flows')
    return stopCode ?? ''
  }

  async end(stopCode: string): Promise<void> {
    const panel = this.#panel
    await until(() => {
      panel.say({ type: 'stop', connectorId: 1, stopCode })
      return panel.phase?.kind !== 'charging'
    }, 'the stop code to be heeded')
    await panel.until('finished')
    await this.#leave()
  }

  async sell(phone: TestPhone): Promise<void> {
    await this.end(await this.begin(phone))
  }

  /** Why a phone is turned away. */
  async refusalOf(phone: TestPhone, holdMinor?: number): Promise<string> {
    const panel = this.#panel
    const before = panel.messages.length
    await this.#offered(phone, holdMinor)
    const code = await until(() => this.#refusedSince(before), `a refusal in ${JSON.stringify(panel.state)}`)
    await this.#leave()
    return code
  }

  #refusedSince(count: number): string | undefined {
    const told = this.#panel.messages.slice(count).find((message) => message.type === 'feedback')
    return told?.type === 'feedback' && told.outcome === 'refused' ? told.refusal.code : undefined
  }

  async #leave(): Promise<void> {
    const panel = this.#panel
    await this.#hand('unplug')
    await until(() => {
      panel.say({ type: 'dismiss', connectorId: 1 })
      return panel.phase?.kind === 'available'
    }, 'the bay to be free')
  }

  /** A vehicle is plugged in; it stays until somebody takes it away. */
  async plug(): Promise<void> {
    await this.#panel.until('available')
    await this.#hand('plug')
    await this.#panel.until('offering')
  }

  async leave(): Promise<void> {
    await this.#leave()
  }

  async #offered(phone: TestPhone, holdMinor = 1_500): Promise<void> {
    const panel = this.#panel
    await panel.until('available')
    await this.#hand('plug')
    const { offerCode } = await panel.until('offering')
    const [bytes] = expectOk(envelopeFromText(offerCode), 'a code').parts
    const offered = expectOk(parseMessage(offer, bytes ?? new Uint8Array()), 'an offer')
    const authorized = await phone.authorize(offered, holdMinor)
    const parts: readonly Bytes[] = [authorized.bytes, phone.grant.bytes]
    phone.sessions.push({ authorization: authorized } as (typeof phone.sessions)[number])
    panel.say({ type: 'scanned', connectorId: 1, text: envelopeToText({ kind: 'authorization', parts }) })
  }

  get #panel(): Panel {
    if (this.panel === undefined) throw new Error('The kiosk has not been started')
    return this.panel
  }

  async #hand(act: 'plug' | 'unplug'): Promise<void> {
    await fetch(`http://127.0.0.1:${this.#ports.control}/${act}`, {
      method: 'POST',
      body: JSON.stringify({ connectorId: 1 }),
    })
  }

  stop(): void {
    this.panel?.close()
    for (const { child } of this.processes) child.kill('SIGKILL')
  }
}

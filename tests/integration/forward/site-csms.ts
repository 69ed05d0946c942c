/** A site's own CSMS as others build it: an OCPP server on a real socket that writes down every frame and can be killed. */

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRPCError, RPCServer, NOREPLY } from 'ocpp-rpc'
import type RpcServerClient from 'ocpp-rpc/lib/server-client.js'
import { payloadText } from '@/charger-kiosk/ocpp/json-text'

export interface Heard {
  readonly action: string
  readonly params: Readonly<Record<string, unknown>>
  /** The payload as it came over the wire. */
  readonly text: string
  readonly atMs: number
  /** The number that a start was given. */
  answeredId?: number
}

type Params = Readonly<Record<string, unknown>>

export class SiteCsms {
  readonly heard: Heard[] = []
  /** Given out to starts, far from any number of ours. */
  nextTransactionId = 7_001
  /** Actions that it answers with a CALLERROR, or never. */
  readonly refuses = new Set<string>()
  readonly ignores = new Set<string>()
  /** Waits with its answers to starts. */
  startsHeldBack: Promise<void> = Promise.resolve()
  readonly #version: '1.6' | '2.0.1'
  readonly #password: string | undefined
  readonly #watchers = new Set<() => void>()
  #port = 0
  #server: Server | undefined
  #rpc: RPCServer | undefined
  client: RpcServerClient | undefined
  connections = 0

  constructor(version: '1.6' | '2.0.1', password?: string) {
    this.#version = version
    this.#password = password
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/site`
  }

  /** On a free port; after a kill on the same one. */
  async start(): Promise<this> {
    const rpc = new RPCServer({ protocols: [`ocpp${this.#version}`], strictMode: true })
    rpc.auth((accept, reject, { password }) => {
      if (this.#password === undefined || password?.toString() === this.#password) accept()
      else reject(401, 'Who?')
    })
    rpc.on('client', (client: RpcServerClient) => this.#attach(client))
    const server = createServer()
    server.on('upgrade', rpc.handleUpgrade)
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
    this.#rpc = rpc
    return this
  }

  /** Without a goodbye: every socket breaks. */
  async kill(): Promise<void> {
    const server = this.#server
    await this.client?.close({ force: true })
    this.client = undefined
    void this.#rpc?.close({ force: true })
    server?.closeAllConnections()
    await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())))
    this.#server = undefined
  }

  async command(action: string, params: Params): Promise<Params> {
    const { client } = this
    if (client === undefined) throw new Error('Nobody is connected')
    return (await client.call(action, params, { callTimeoutMs: 20_000 })) as Params
  }

  of(action: string): readonly Heard[] {
    return this.heard.filter((one) => one.action === action)
  }

  /** Looked at whenever something is heard, and now and then for what happens elsewhere. */
  async until(isReached: () => boolean): Promise<void> {
    while (!isReached()) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer)
          this.#watchers.delete(done)
          resolve()
        }
        const timer = setTimeout(done, 50)
        this.#watchers.add(done)
      })
    }
  }

  #attach(client: RpcServerClient): void {
    this.client = client
    this.connections += 1
    let frame = ''
    client.on('message', ({ message, outbound }: { message: string; outbound: boolean }) => {
      if (!outbound) frame = message
    })
    client.handle((async ({ method, params }: { method: string; params: Params }) =>
      this.#answer(method, params, payloadText(frame) ?? '')) as never)
    this.#tell()
  }

  async #answer(action: string, params: Params, text: string): Promise<unknown> {
    const heard: Heard = { action, params, text, atMs: performance.now() }
    this.heard.push(heard)
    this.#tell()
    if (this.ignores.has(action)) return NOREPLY
    if (this.refuses.has(action)) throw createRPCError('InternalError', 'not today')
    const currentTime = new Date().toISOString()
    switch (action) {
      case 'BootNotification':
        return { status: 'Accepted', currentTime, interval: 300 }
      case 'Heartbeat':
        return { currentTime }
      case 'StartTransaction':
        await this.startsHeldBack
        // Most site CSMSs do not know our tags; the energy flows all the same.
        heard.answeredId = this.nextTransactionId++
        return { transactionId: heard.answeredId, idTagInfo: { status: 'Invalid' } }
      default:
        return {}
    }
  }

  #tell(): void {
    for (const watch of [...this.#watchers]) watch()
  }
}

/**
 * The side to the chargers: HTTPS on the site's own network, with the pinned key. Before a charger is known, next to nothing
 * is read or remembered; whoever asks too often, sends too much or says nothing is cut off.
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { toBytes, type Bytes } from '@/lib/core/bytes'
import type { Clock } from '@/lib/core/clock'
import type { ChargerId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import type { TlsIdentity } from '@/lib/crypto/site-certificate'
import {
  callMessage,
  gatewayCallBytesMax,
  gatewayPapersBytesMax,
  gatewayPaths,
  greetMessage,
  helloMessage,
  nonceMessage,
  replyMessage,
  welcomeMessage,
  type Wire,
} from '@/lib/roads/gateway-messages'
import {
  reserveBytesMax,
  reserveMessage,
  reserveReplyMessage,
  siteCallMessage,
  siteMessageBytesMax,
  siteReplyMessage,
} from '@/lib/roads/gateway-site-messages'
import type { BookDesk } from '../book/book-desk'
import type { Log } from '../log'
import type { ParcelStore } from '../store/parcel-store'
import type { Counter } from './counter'
import type { Door } from '@/lib/roads/door/door'
import { Buckets } from '@/lib/roads/door/rate'

export interface ChargerServerPorts {
  readonly identity: TlsIdentity
  readonly door: Door
  readonly counter: Counter
  readonly book: BookDesk
  readonly store: ParcelStore
  readonly clock: Pick<Clock, 'nowS' | 'monotonicMs'>
  readonly log: Log
}

/** A charger greets once an hour, and again after either side has started anew. */
const greetings = { perSecond: 2, burst: 40, namesMax: 1_024 }
const allGreetings = { perSecond: 20, burst: 200, namesMax: 1 }
/** One exchange a second while a session runs; a backlog goes out in a burst. */
const exchanges = { perSecond: 10, burst: 100, namesMax: limits.gatewayChargersMax }
/** A handful a session: what it tells and what wakes its watch. After either side began anew, everything at once. */
const siteCalls = { perSecond: 20, burst: 500, namesMax: limits.gatewayChargersMax }
/** One for each code that is shown at any of its bays. */
const reserves = { perSecond: 5, burst: 100, namesMax: limits.gatewayChargersMax }
const bytesOfOne = { perSecond: 500_000, burst: 16_000_000, namesMax: limits.gatewayChargersMax }
/** Sockets of one address: a charger uses four, and a site may sit behind one address of its router. */
const socketsPerAddressMax = 64

interface Reply {
  readonly status: number
  readonly body?: Bytes
}

const refusedAsStranger: Reply = { status: 403 }
const tooMany: Reply = { status: 429 }

export class ChargerServer {
  readonly #ports: ChargerServerPorts
  readonly #server: Server
  readonly #sockets = new Map<string, number>()
  readonly #greetings = new Buckets(greetings)
  readonly #allGreetings = new Buckets(allGreetings)
  readonly #exchanges = new Buckets(exchanges)
  readonly #siteCalls = new Buckets(siteCalls)
  readonly #reserves = new Buckets(reserves)
  readonly #bytes = new Buckets(bytesOfOne)
  readonly counts = { strangers: 0, turnedAway: 0 }

  constructor(ports: ChargerServerPorts) {
    this.#ports = ports
    const { key, cert } = ports.identity
    this.#server = createServer(
      { key, cert, minVersion: 'TLSv1.3', handshakeTimeout: 5_000 },
      (request, response) => {
        this.#answer(request).then(
          (reply) => send(response, reply),
          (error: unknown) => {
            ports.log('exchange-failed', { detail: String(error) })
            send(response, { status: 503 })
          },
        )
      },
    )
    this.#server.maxConnections = 6 * limits.gatewayChargersMax
    this.#server.headersTimeout = 5_000
    this.#server.requestTimeout = 30_000
    this.#server.keepAliveTimeout = 90_000
    this.#server.on('connection', (socket: Socket) => this.#count(socket))
    this.#server.on('tlsClientError', () => undefined)
  }

  /** Rejects where the address is taken. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, host, () => resolve())
    })
    return (this.#server.address() as AddressInfo).port
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }

  #count(socket: Socket): void {
    const address = socket.remoteAddress ?? ''
    const open = (this.#sockets.get(address) ?? 0) + 1
    this.#sockets.set(address, open)
    socket.once('close', () => {
      const left = (this.#sockets.get(address) ?? 1) - 1
      if (left > 0) this.#sockets.set(address, left)
      else this.#sockets.delete(address)
    })
    if (open > socketsPerAddressMax) socket.destroy()
  }

  async #answer(request: IncomingMessage): Promise<Reply> {
    if (request.method !== 'POST') return { status: 404 }
    const reply = await this.#route(request)
    if (reply.status === 403) this.counts.strangers += 1
    if (reply.status === 429) this.counts.turnedAway += 1
    return reply
  }

  async #route(request: IncomingMessage): Promise<Reply> {
    switch (request.url) {
      case gatewayPaths.exchange:
        return this.#exchange(request)
      case gatewayPaths.site:
        return this.#site(request)
      case gatewayPaths.reserve:
        return this.#reserve(request)
    }
    if (request.url !== gatewayPaths.hello && request.url !== gatewayPaths.greet) return { status: 404 }
    const nowMs = this.#ports.clock.monotonicMs()
    const address = request.socket.remoteAddress ?? ''
    if (!this.#greetings.take(address, 1, nowMs) || !this.#allGreetings.take('all', 1, nowMs)) return tooMany
    const body = await bodyOf(request, gatewayPapersBytesMax)
    if (body === undefined) return { status: 413 }
    return request.url === gatewayPaths.hello ? this.#hello(body) : this.#greet(body)
  }

  #hello(body: Bytes): Reply {
    const papers = helloMessage.decode(body)
    if (!papers.ok) return { status: 400 }
    const nonce = this.#ports.door.hello(papers.value)
    if (nonce.ok) return { status: 200, body: nonceMessage.encode({ nonce: nonce.value }) }
    this.#ports.log('stranger', { why: nonce.error })
    return refusedAsStranger
  }

  #greet(body: Bytes): Reply {
    const greeting = greetMessage.decode(body)
    if (!greeting.ok) return { status: 400 }
    const { door, store, clock, log } = this.#ports
    const welcome = door.greet(greeting.value)
    if (!welcome.ok) {
      log('stranger', { why: welcome.error })
      return refusedAsStranger
    }
    const { charger, token } = welcome.value
    if (!store.seen.has(charger) && store.seen.size >= limits.gatewayChargersMax) return refusedAsStranger
    store.note(charger, clock.nowS(), true)
    log('charger-came', { charger })
    return { status: 200, body: welcomeMessage.encode({ token }) }
  }

  async #exchange(request: IncomingMessage): Promise<Reply> {
    const call = await this.#callOf(request, this.#exchanges, gatewayCallBytesMax, callMessage)
    if ('status' in call) return call
    const { charger, said } = call
    return { status: 200, body: replyMessage.encode(await this.#ports.counter.exchange(charger, said)) }
  }

  async #site(request: IncomingMessage): Promise<Reply> {
    const call = await this.#callOf(request, this.#siteCalls, siteMessageBytesMax, siteCallMessage)
    if ('status' in call) return call
    const { charger, said } = call
    return { status: 200, body: siteReplyMessage.encode(await this.#ports.book.site(charger, said)) }
  }

  async #reserve(request: IncomingMessage): Promise<Reply> {
    const call = await this.#callOf(request, this.#reserves, reserveBytesMax, reserveMessage)
    if ('status' in call) return call
    return { status: 200, body: reserveReplyMessage.encode(this.#ports.book.reserve(call.said)) }
  }

  /** Nothing of the body is read before the token is known. */
  async #callOf<T>(
    request: IncomingMessage,
    bucket: Buckets,
    bytesMax: number,
    message: Pick<Wire<T>, 'decode'>,
  ): Promise<Reply | { readonly charger: ChargerId; readonly said: T }> {
    const charger = this.#guestOf(request)
    if (charger === undefined) return { status: 401 }
    const length = Number(request.headers['content-length'] ?? Number.NaN)
    if (!(length <= bytesMax)) return { status: 413 }
    const nowMs = this.#ports.clock.monotonicMs()
    if (!bucket.take(charger, 1, nowMs) || !this.#bytes.take(charger, length, nowMs)) return tooMany
    const body = await bodyOf(request, bytesMax)
    const call = body && message.decode(body)
    return call?.ok === true ? { charger, said: call.value } : { status: 400 }
  }

  #guestOf({ headers }: IncomingMessage): ChargerId | undefined {
    const [, token] = /^Bearer ([0-9a-f]{64})$/.exec(headers.authorization ?? '') ?? []
    return token === undefined ? undefined : this.#ports.door.guest(token)
  }
}

async function bodyOf(request: IncomingMessage, bytesMax: number): Promise<Bytes | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > bytesMax) return undefined
    chunks.push(chunk)
  }
  return toBytes(Buffer.concat(chunks))
}

function send(response: ServerResponse, { status, body }: Reply): void {
  // What was not read must not be read as the next request.
  const closing = status === 200 ? {} : { connection: 'close' }
  response.writeHead(status, {
    'content-type': 'application/cbor',
    'content-length': body?.length ?? 0,
    'cache-control': 'no-store',
    ...closing,
  })
  response.end(body)
}

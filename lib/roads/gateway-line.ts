/**
 * A charger's end of the line to its site's gateway: TLS on the site's own network, with a key that the configuration
 * pins (ADR 0049). Nothing is said before the pin is checked. Papers are shown once and again where the gateway has
 * forgotten them, as one that was started or replaced has.
 */

import { createHash } from 'node:crypto'
import { Agent, request, type RequestOptions } from 'node:https'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { toBytes, type Bytes } from '@/lib/core/bytes'
import type { ChargerId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import type { Signer } from '@/lib/crypto/signature'
import { signMessage } from '@/lib/protocol/message'
import { gatewayGreeting } from '@/lib/protocol/messages/gateway-greeting'
import type { SpendProof } from '@/lib/sync/spend-proof'
import {
  callMessage,
  gatewayPaths,
  greetMessage,
  helloMessage,
  nonceMessage,
  replyMessage,
  welcomeMessage,
  type GatewayCall,
  type GatewayReply,
  type Wire,
} from './gateway-messages'
import {
  reserveMessage,
  reserveReplyMessage,
  siteCallMessage,
  siteReplyMessage,
  type ReserveReply,
  type SiteCall,
  type SiteReply,
} from './gateway-site-messages'

export interface GatewayFault {
  /** `api.unreachable`, `gateway.pin`, `gateway.stranger` or `api.rate-limited`. */
  readonly code: ReasonCode
  readonly detail: string
}

/** What a charger shows: read before each greeting, because keys and certificates change. */
export interface GatewayPapers {
  readonly chargerId: ChargerId
  readonly certificate: Uint8Array
  readonly trustList: Uint8Array
  readonly signer: Signer
}

/** Never rejects. */
export interface GatewayLine {
  exchange(call: GatewayCall): Promise<Result<GatewayReply, GatewayFault>>
  /** Tells what this charger knows of the site, or watches what others tell. */
  site(call: SiteCall): Promise<Result<SiteReply, GatewayFault>>
  /** Enters one spend into the site's book. */
  reserve(proof: SpendProof): Promise<Result<ReserveReply, GatewayFault>>
  /** What is under way ends as unreachable, and so does everything after it. */
  close(): void
}

export interface GatewayAddress {
  /** Such as `https://10.0.0.2:9700`. */
  readonly url: string
  /** SHA-256 over the SubjectPublicKeyInfo of the key that it must show; several while one replaces another. */
  readonly pins: readonly string[]
}

const connectTimeoutMs = 3_000
/** A parcel that waits for the uplink, a watch, what is told, and a spend that must not wait for any of them. */
const socketsMax = 4
const answerTimeoutMs = 5_000
const replyBytesMax = limits.gatewayExchangeBytesMax + 16_384

export const gatewayLine = (address: GatewayAddress, papers: () => GatewayPapers | undefined): GatewayLine =>
  new PinnedLine(address, papers)

class PinnedLine implements GatewayLine {
  readonly #url: string
  readonly #pins: readonly string[]
  readonly #papers: () => GatewayPapers | undefined
  readonly #agent: PinnedAgent
  #token: string | undefined
  /** One at a time: each greeting ends the session of the one before it. */
  #greeting: Promise<Result<void, LineFault>> | undefined
  #isClosed = false

  constructor({ url, pins }: GatewayAddress, papers: () => GatewayPapers | undefined) {
    this.#url = url
    this.#pins = pins
    this.#papers = papers
    this.#agent = pinnedAgent(pins)
  }

  exchange(call: GatewayCall): Promise<Result<GatewayReply, GatewayFault>> {
    const body = () => callMessage.encode(call)
    return this.#ask({ path: gatewayPaths.exchange, body, reply: replyMessage, waitMs: call.waitMs })
  }

  site(call: SiteCall): Promise<Result<SiteReply, GatewayFault>> {
    const body = () => siteCallMessage.encode(call)
    return this.#ask({ path: gatewayPaths.site, body, reply: siteReplyMessage, waitMs: call.waitMs })
  }

  reserve(proof: SpendProof): Promise<Result<ReserveReply, GatewayFault>> {
    const body = () => reserveMessage.encode(proof)
    return this.#ask({ path: gatewayPaths.reserve, body, reply: reserveReplyMessage })
  }

  close(): void {
    this.#isClosed = true
    this.#agent.destroy()
  }

  async #ask<T>(asking: Asking<T>): Promise<Result<T, GatewayFault>> {
    if (this.#isClosed) return err({ code: 'api.unreachable', detail: 'The line is closed' })
    try {
      const first = await this.#askOnce(asking)
      return first.ok || first.error.status !== 401 ? first : await this.#askOnce(asking)
    } catch (error) {
      // A key store that does not sign, or a certificate longer than a message may be.
      return err({ code: 'api.unreachable', detail: `Could not greet the gateway: ${String(error)}` })
    }
  }

  async #askOnce<T>({ path, body, reply, waitMs }: Asking<T>): Promise<Result<T, LineFault>> {
    const greeted = await this.#ensureGreeted()
    if (!greeted.ok) return greeted
    const used = this.#token
    const answered = await this.#post(path, body(), waitMs)
    if (!answered.ok) {
      // It may have been replaced by another call's greeting meanwhile.
      if (answered.error.status === 401 && this.#token === used) this.#token = undefined
      return answered
    }
    const read = reply.decode(answered.value)
    return read.ok ? ok(read.value) : err(strange)
  }

  async #ensureGreeted(): Promise<Result<void, LineFault>> {
    if (this.#token !== undefined) return ok(undefined)
    const shown = this.#papers()
    if (shown === undefined)
      return err({ code: 'gateway.stranger', detail: 'This charger has no certificate yet' })
    this.#greeting ??= this.#greet(shown).finally(() => (this.#greeting = undefined))
    return this.#greeting
  }

  async #greet({
    chargerId,
    certificate,
    trustList,
    signer,
  }: GatewayPapers): Promise<Result<void, LineFault>> {
    const helloed = await this.#post(gatewayPaths.hello, helloMessage.encode({ certificate, trustList }))
    if (!helloed.ok) return helloed
    const asked = nonceMessage.decode(helloed.value)
    if (!asked.ok) return err(strange)
    const { nonce } = asked.value
    // With more pins than one the agent has seen which was shown.
    const gateway = this.#agent.pinSeen() ?? this.#pins[0] ?? ''
    const signed = await signMessage(gatewayGreeting, { chargerId, gateway, nonce }, signer)
    const greeted = await this.#post(
      gatewayPaths.greet,
      greetMessage.encode({ nonce, greeting: signed.bytes }),
    )
    if (!greeted.ok) return greeted
    const welcome = welcomeMessage.decode(greeted.value)
    if (!welcome.ok) return err(strange)
    this.#token = welcome.value.token
    return ok(undefined)
  }

  #post(path: string, body: Uint8Array, waitMs = 0): Promise<Result<Bytes, LineFault>> {
    const [agent, token] = [this.#agent, this.#token]
    return postOnce(new URL(path, this.#url), { agent, body, token, timeoutMs: answerTimeoutMs + waitMs })
  }
}

interface Asking<T> {
  readonly path: string
  readonly body: () => Uint8Array
  readonly reply: Pick<Wire<T>, 'decode'>
  readonly waitMs?: number | undefined
}

interface LineFault extends GatewayFault {
  readonly status?: number
}

const strange: LineFault = { code: 'api.unreachable', detail: 'What answers there is no gateway of ours' }

class WrongPin extends Error {}

interface PinnedAgent extends Agent {
  pinSeen(): string | undefined
}

/** Hands a connection out only after it has shown a pinned key: not one byte of ours goes to another. */
function pinnedAgent(pins: readonly string[]): PinnedAgent {
  const agent = new Agent({ keepAlive: true, maxSockets: socketsMax, maxCachedSessions: 0 })
  let seen: string | undefined
  const createConnection = (
    options: ConnectionOptions,
    done: (error: Error | null, socket?: TLSSocket) => void,
  ) => {
    const socket = connect({ ...options, rejectUnauthorized: false, minVersion: 'TLSv1.3' })
    const timer = setTimeout(() => socket.destroy(new Error('no TLS connection in time')), connectTimeoutMs)
    socket.once('error', done)
    socket.once('close', () => clearTimeout(timer))
    socket.once('secureConnect', () => {
      clearTimeout(timer)
      socket.off('error', done)
      const pin = pinOf(socket)
      if (pin !== undefined && pins.includes(pin)) {
        seen = pin
        return done(null, socket)
      }
      socket.on('error', () => undefined)
      socket.destroy()
      done(new WrongPin(`It shows the key ${pin ?? '(none)'}`))
    })
  }
  return Object.assign(agent, { createConnection, pinSeen: () => seen }) as PinnedAgent
}

/** The pin of whoever answers at a gateway's address, and nothing else asked of it. For people who look for a fault. */
export function pinShownAt(url: string): Promise<Result<string, string>> {
  const { hostname: host, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect({
      ...{ host, port: Number(port === '' ? 443 : port) },
      ...{ rejectUnauthorized: false, minVersion: 'TLSv1.3' },
    })
    const end = (result: Result<string, string>): void => {
      resolve(result)
      socket.destroy()
    }
    socket.setTimeout(connectTimeoutMs, () => end(err('no TLS connection in time')))
    socket.once('error', (error) => end(err(error.message)))
    socket.once('secureConnect', () => {
      const pin = pinOf(socket)
      end(pin === undefined ? err('it shows no certificate') : ok(pin))
    })
  })
}

function pinOf(socket: TLSSocket): string | undefined {
  const shown = socket.getPeerX509Certificate()
  return (
    shown &&
    createHash('sha256')
      .update(shown.publicKey.export({ type: 'spki', format: 'der' }))
      .digest('hex')
  )
}

interface Posting {
  readonly agent: Agent
  readonly body: Uint8Array
  readonly token: string | undefined
  readonly timeoutMs: number
}

function postOnce(url: URL, { agent, body, token, timeoutMs }: Posting): Promise<Result<Bytes, LineFault>> {
  const options: RequestOptions = {
    method: 'POST',
    agent,
    headers: {
      'content-type': 'application/cbor',
      'content-length': body.length,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    signal: AbortSignal.timeout(timeoutMs),
  }
  return new Promise((resolve) => {
    const asked = request(url, options, (response) => {
      const chunks: Buffer[] = []
      let length = 0
      response.on('data', (chunk: Buffer) => {
        length += chunk.length
        if (length > replyBytesMax) return void response.destroy(new Error('too long an answer'))
        chunks.push(chunk)
      })
      response.on('error', (error) => resolve(err(unreachable(error))))
      response.on('end', () => {
        const { statusCode: status = 0 } = response
        resolve(status === 200 ? ok(toBytes(Buffer.concat(chunks))) : err(refusedWith(status)))
      })
    })
    asked.on('error', (error) =>
      resolve(
        err(error instanceof WrongPin ? { code: 'gateway.pin', detail: error.message } : unreachable(error)),
      ),
    )
    asked.end(body)
  })
}

const unreachable = (error: Error): LineFault => ({
  code: 'api.unreachable',
  detail: `The gateway does not answer: ${error.message}`,
})

function refusedWith(status: number): LineFault {
  const detail = `The gateway answers with status ${status}`
  if (status === 403 || status === 401) return { code: 'gateway.stranger', detail, status }
  return { code: status === 429 ? 'api.rate-limited' : 'api.unreachable', detail, status }
}

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
} from './gateway-messages'

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
const answerTimeoutMs = 5_000
const replyBytesMax = limits.gatewayExchangeBytesMax + 16_384

export function gatewayLine(
  { url, pins }: GatewayAddress,
  papers: () => GatewayPapers | undefined,
): GatewayLine {
  const agent = pinnedAgent(pins)
  let token: string | undefined
  let isClosed = false
  const post = (path: string, body: Uint8Array, waitMs = 0): Promise<Result<Bytes, LineFault>> =>
    postOnce(new URL(path, url), { agent, body, token, timeoutMs: answerTimeoutMs + waitMs })
  const greet = async (shown: GatewayPapers): Promise<Result<void, LineFault>> => {
    const { chargerId, certificate, trustList, signer } = shown
    const helloed = await post(gatewayPaths.hello, helloMessage.encode({ certificate, trustList }))
    if (!helloed.ok) return helloed
    const asked = nonceMessage.decode(helloed.value)
    if (!asked.ok) return err(strange)
    const { nonce } = asked.value
    // With more pins than one the agent has seen which was shown.
    const gateway = agent.pinSeen() ?? pins[0] ?? ''
    const greeting = await signMessage(gatewayGreeting, { chargerId, gateway, nonce }, signer)
    const greeted = await post(gatewayPaths.greet, greetMessage.encode({ nonce, greeting: greeting.bytes }))
    if (!greeted.ok) return greeted
    const welcome = welcomeMessage.decode(greeted.value)
    if (!welcome.ok) return err(strange)
    token = welcome.value.token
    return ok(undefined)
  }
  const exchangeOnce = async (call: GatewayCall): Promise<Result<GatewayReply, LineFault>> => {
    if (token === undefined) {
      const shown = papers()
      if (shown === undefined)
        return err({ code: 'gateway.stranger', detail: 'This charger has no certificate yet' })
      const greeted = await greet(shown)
      if (!greeted.ok) return greeted
    }
    const answered = await post(gatewayPaths.exchange, callMessage.encode(call), call.waitMs)
    if (!answered.ok) return answered
    const reply = replyMessage.decode(answered.value)
    return reply.ok ? ok(reply.value) : err(strange)
  }
  return {
    exchange: async (call) => {
      if (isClosed) return err({ code: 'api.unreachable', detail: 'The line is closed' })
      try {
        const first = await exchangeOnce(call)
        if (first.ok || first.error.status !== 401) return first
        token = undefined
        return await exchangeOnce(call)
      } catch (error) {
        // A key store that does not sign, or a certificate longer than a message may be.
        return err({ code: 'api.unreachable', detail: `Could not greet the gateway: ${String(error)}` })
      }
    },
    close: () => {
      isClosed = true
      agent.destroy()
    },
  }
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
  const agent = new Agent({ keepAlive: true, maxSockets: 2, maxCachedSessions: 0 })
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

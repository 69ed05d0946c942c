/** The charger's WebSocket: opens it, opens it again after a loss, and turns frames into inputs of the machine. */

import { randomUUID } from 'node:crypto'
import WebSocket from 'ws'
import type { CancelTimer, Timers } from '@/lib/core/clock'
import { durationMs } from '@/lib/core/units'
import type { EvseLayout } from './evse-layout'
import { asPayload } from './payload'
import type { ChargerInput } from './state'
import { Tongue201, type Frame } from './tongue-201'

export type OcppVersion = '1.6' | '2.0.1'

export interface LinkOptions {
  /** Address of the central system without the identity. */
  readonly url: string
  readonly identity: string
  /** Security profiles 1 and 2. */
  readonly password?: string
  /** Security profile 2: PEM of the only certificate that it trusts. */
  readonly trustedCertificate?: string
  /** Which OCPP it speaks. Default 1.6. */
  readonly version?: OcppVersion
  /** First wait before opening it again; doubles up to five times that. Default 1 s. */
  readonly reconnectMs?: number
}

type LinkInput = Extract<ChargerInput, { type: 'link-up' | 'link-down' | 'call' | 'result' | 'call-error' }>

const reconnectGrowthMax = 5

export class SocketLink {
  readonly #options: LinkOptions
  readonly #timers: Timers
  readonly #onInput: (input: LinkInput) => void
  readonly #tongue: Tongue201 | undefined
  readonly #newPassword: () => string | undefined
  #socket: WebSocket | undefined
  #failures = 0
  #isClosed = false
  #cancelReconnect: CancelTimer = () => undefined
  /** What the far end said when it refused the last attempt. */
  lastFailure: string | undefined

  /** @param newPassword the one that the central system gave it, once there is one */
  constructor(
    options: LinkOptions,
    timers: Timers,
    onInput: (input: LinkInput) => void,
    newPassword: () => string | undefined,
    layout: EvseLayout,
  ) {
    this.#newPassword = newPassword
    this.#options = options
    this.#timers = timers
    this.#onInput = onInput
    this.#tongue = options.version === '2.0.1' ? new Tongue201(randomUUID().slice(0, 8), layout) : undefined
  }

  /** True while the outcome of an attempt is open. */
  get isOpening(): boolean {
    return this.#socket?.readyState === WebSocket.CONNECTING
  }

  open(): void {
    const { url, identity, trustedCertificate: ca } = this.#options
    const password = this.#newPassword() ?? this.#options.password
    this.#cancelReconnect()
    const credentials = Buffer.from(`${identity}:${password ?? ''}`).toString('base64')
    const socket = new WebSocket(
      `${url}/${encodeURIComponent(identity)}`,
      [this.#tongue === undefined ? 'ocpp1.6' : 'ocpp2.0.1'],
      {
        headers: password === undefined ? {} : { authorization: `Basic ${credentials}` },
        handshakeTimeout: 10_000,
        ...(ca === undefined ? {} : { ca }),
      },
    )
    this.#socket = socket
    socket.on('open', () => {
      this.#failures = 0
      this.lastFailure = undefined
      this.#onInput({ type: 'link-up' })
    })
    socket.on('message', (data) => {
      if (socket === this.#socket) this.#onFrame(String(data))
    })
    socket.on('error', (error) => (this.lastFailure = error.message))
    socket.on('close', () => this.#onClose(socket))
  }

  send(frame: Frame): void {
    this.sendRaw(JSON.stringify(this.#tongue?.outgoing(frame) ?? frame))
  }

  sendRaw(text: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text)
  }

  /** Cuts the link as a pulled cable would, and opens it again after `downMs`. */
  drop(downMs?: number): void {
    this.#socket?.terminate()
    if (this.#socket !== undefined) this.#lose(this.#socket, downMs)
  }

  /** For good. */
  close(): void {
    this.#isClosed = true
    this.#cancelReconnect()
    this.#socket?.terminate()
  }

  #onClose(socket: WebSocket): void {
    if (socket === this.#socket) this.#lose(socket)
  }

  #lose(socket: WebSocket, downMs?: number): void {
    if (this.#isClosed || socket !== this.#socket) return
    this.#socket = undefined
    this.#onInput({ type: 'link-down' })
    const firstMs = this.#options.reconnectMs ?? 1_000
    const waitMs = downMs ?? firstMs * Math.min(reconnectGrowthMax, 2 ** Math.min(this.#failures, 10))
    this.#failures += 1
    this.#cancelReconnect()
    this.#cancelReconnect = this.#timers.after(durationMs(waitMs), () => this.open())
  }

  #onFrame(text: string): void {
    const input = parseFrame(text)
    if (input !== undefined) this.#hear(input)
  }

  #hear(input: LinkInput): void {
    const tongue = this.#tongue
    if (tongue === undefined) return this.#onInput(input)
    if (input.type === 'result') {
      return this.#onInput({ ...input, payload: tongue.incomingResult(input.messageId, input.payload) })
    }
    if (input.type !== 'call') return this.#onInput(input)
    const [action, payload] = tongue.incomingCall(input.messageId, input.action, input.payload) ?? [
      input.action,
      input.payload,
    ]
    this.#onInput({ ...input, action, payload })
  }
}

/** Undefined for what is no OCPP frame, which a charger ignores. */
function parseFrame(text: string): LinkInput | undefined {
  let frame: unknown
  try {
    frame = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!Array.isArray(frame) || typeof frame[1] !== 'string') return undefined
  const [kind, messageId, third, fourth] = frame as [unknown, string, unknown, unknown]
  switch (kind) {
    case 2:
      return { type: 'call', messageId, action: String(third), payload: asPayload(fourth) }
    case 3:
      return { type: 'result', messageId, payload: asPayload(third) }
    case 4:
      return { type: 'call-error', messageId }
    default:
      return undefined
  }
}

/**
 * Everything about one known charger: the link it has now (if any), its messages in their order, and the commands
 * that wait for it. It outlives links, because retries and late messages come over the next one.
 */

import { createRPCError } from 'ocpp-rpc'
import type RpcServerClient from 'ocpp-rpc/lib/server-client.js'
import { NOREPLY } from 'ocpp-rpc/lib/symbols.js'
import { assert } from '@/lib/core/assert'
import type { Clock, Timers } from '@/lib/core/clock'
import { limits } from '@/lib/core/limits'
import type { DurationMs, EpochSeconds } from '@/lib/core/units'
import { CommandSender, type CallTarget } from './command-sender'
import type { Dialect } from './dialect'
import type { ChargePointIdentity } from './ids'
import { answerCall, type Outcome } from './inbound'
import { IncidentGate } from './incident-gate'
import { Introduction } from './introduction'
import { payloadText } from './json-text'
import type {
  ChargerCommands,
  ChargerEvent,
  ChargerHandlers,
  CommandResult,
  HeardMessage,
  IncidentKind,
  KnownCharger,
  MessageTap,
  PasswordBook,
  RawPayload,
} from './port'
import { RepeatMemory } from './repeat-memory'
import type { Answer, MessageContext } from './route'
import { SerialQueue } from './serial-queue'
import type { Setting } from './set-up'
import { versionNamed, versions } from './versions'

export interface LinkSettings {
  readonly clockFloorS: EpochSeconds
  readonly commandTimeoutMs: DurationMs
  readonly meterIntervalS: number
  readonly heartbeatIntervalS: number
  readonly sockets: KnownCharger['sockets']
  readonly passwords: PasswordBook | undefined
  readonly tap?: MessageTap | undefined
  readonly listsTokens?: (() => boolean) | undefined
}

/** Frames in a row that are no OCPP, after which the link is cut. */
const badFramesMax = 50

export class ChargerLink {
  readonly commands: ChargerCommands
  readonly #identity: ChargePointIdentity
  readonly #handlers: ChargerHandlers
  readonly #clock: Clock
  readonly #settings: LinkSettings
  readonly #messages = new SerialQueue(limits.ocppWaitingMessagesMax)
  readonly #repeats = new RepeatMemory(limits.ocppRepeatsRememberedMax)
  readonly #gate: IncidentGate
  readonly #sender: CommandSender
  readonly #introduction: Introduction
  /** Links on which something could not be recorded. */
  readonly #failed = new WeakSet<RpcServerClient>()
  /** What was said in each version that this charger ever spoke. */
  readonly #dialects: ReadonlyMap<string, Dialect>
  #dialect: Dialect
  #client: RpcServerClient | undefined
  /** Of the message whose handler is called next: the library gives out its content alone. */
  #frame = ''

  constructor(
    identity: ChargePointIdentity,
    handlers: ChargerHandlers,
    { clock, timers }: { readonly clock: Clock; readonly timers: Timers },
    settings: LinkSettings,
  ) {
    this.#identity = identity
    this.#handlers = handlers
    this.#clock = clock
    this.#settings = settings
    this.#gate = new IncidentGate(clock, limits.ocppIncidentsPerMinuteMax)
    this.#sender = new CommandSender(timers, settings.commandTimeoutMs, () => this.#target())
    const isConnected = (): boolean => this.#client !== undefined
    const dialects = versions.map(
      (version) =>
        [version.subprotocol, version.speak(identity, this.#sender, isConnected, settings.sockets)] as const,
    )
    this.#dialects = new Map(dialects)
    const [first] = dialects
    assert(first !== undefined, 'a version of OCPP is spoken')
    this.#dialect = first[1]
    this.commands = inTheVersionOf(() => this.#dialect)
    this.#introduction = new Introduction(
      timers,
      this.commands,
      () => this.#settingsNow(),
      (outcomes) => {
        const told = outcomes[this.#dialect.passwordKey]
        if (told !== undefined) settings.passwords?.answered(identity, told)
        this.#append({ type: 'configured', identity, atS: clock.nowS(), outcomes })
      },
    )
  }

  /** A charger that was enrolled gets its own password last: some restart at once. */
  async #settingsNow(): Promise<readonly Setting[]> {
    const { passwords, meterIntervalS } = this.#settings
    const password = await passwords?.renew(this.#identity)
    const { listKeys } = this.#dialect
    const keepsLists = this.#settings.listsTokens?.() === true
    const settings = this.#dialect
      .settings(meterIntervalS)
      .filter(([key]) => !keepsLists || !listKeys.includes(key))
    return password === undefined ? settings : [...settings, [this.#dialect.passwordKey, password]]
  }

  /** No message is being handled and no command waits for its answer. */
  get isQuiet(): boolean {
    return this.#messages.isIdle && this.#sender.isIdle
  }

  /** Takes a new link. The charger can only have one, so an older one is dead, whatever its socket says. */
  attach(client: RpcServerClient): void {
    this.#hangUp()
    this.#client = client
    this.#speak(client)
    this.#append({ type: 'connected', identity: this.#identity, atS: this.#clock.nowS() })
    this.#settings.tap?.linked(this.#identity, client.protocol ?? '')
    this.#watch(client)
    for (const action of Object.keys(this.#dialect.routes)) {
      client.handle(action, ({ params }) => this.#onCall(client, action, params, this.#frame))
    }
    if (this.#settings.passwords?.isRenewalDue(this.#identity) === true) this.#introduction.forget()
    this.#introduction.connected()
  }

  /** A charger whose software was renewed may come back with another version, and has forgotten its settings then. */
  #speak({ protocol }: RpcServerClient): void {
    const spoken = this.#dialects.get(versionNamed(protocol)?.subprotocol ?? '')
    if (spoken === undefined || spoken === this.#dialect) return
    this.#dialect = spoken
    this.#introduction.forget()
  }

  /** Cuts the link and settles when nothing is being handled any more. */
  async close(): Promise<void> {
    this.#hangUp()
    await this.#messages.idle()
  }

  #hangUp(): void {
    const client = this.#client
    if (client === undefined) return
    this.#detached(client)
    // Terminating is all that can be done; a failure to do so means that it is gone already.
    client.close({ force: true }).catch(() => undefined)
  }

  /** Also called for links that were replaced before, whose end is no news. */
  #detached(client: RpcServerClient): void {
    if (this.#client !== client) return
    this.#client = undefined
    this.#introduction.disconnected()
    this.#settings.tap?.unlinked(this.#identity)
    this.#append({ type: 'disconnected', identity: this.#identity, atS: this.#clock.nowS() })
  }

  #watch(client: RpcServerClient): void {
    let badFrames = 0
    client.once('disconnect', () => this.#detached(client))
    if (this.#settings.tap !== undefined) {
      client.on('message', ({ message, outbound }: { message: string; outbound: boolean }) => {
        if (!outbound) this.#frame = message
      })
    }
    client.on('callResult', () => (badFrames = 0))
    client.on('badMessage', ({ error, response }: { error: Error; response: unknown }) => {
      badFrames += 1
      this.#appendIncident(
        response === null ? 'unexpected-answer' : 'malformed-frame',
        undefined,
        error.message,
      )
      if (badFrames > badFramesMax && this.#client === client) this.#hangUp()
    })
    client.on('socketError', (error: Error & { code?: string }) => {
      const isOversize = error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
      this.#appendIncident(isOversize ? 'oversize-frame' : 'malformed-frame', undefined, error.message)
    })
    client.on('callError', ({ outbound, method }: { outbound: boolean; method: string }) => {
      if (!outbound && !Object.hasOwn(this.#dialect.routes, method)) {
        this.#appendIncident('unknown-action', method.slice(0, 64), 'This action is not spoken here.')
      }
    })
  }

  /** @param frame the message as it came */
  async #onCall(client: RpcServerClient, action: string, params: unknown, frame: string): Promise<Answer> {
    const context = this.#context(action)
    const atS = context.frame.receivedAtS
    const queued = this.#messages.push(async (): Promise<Outcome> => {
      // Behind a message that could not be recorded nothing may be recorded either; the charger sends both again.
      if (this.#failed.has(client)) return { kind: 'drop-link' }
      const outcome = await answerCall(action, params, context, {
        dialect: this.#dialect,
        repeats: this.#repeats,
        onRecorded: (payload, answer) => this.#passOn(frame, { action, payload, answer, atS }),
      })
      if (outcome.kind === 'drop-link') this.#failed.add(client)
      return outcome
    })
    if (queued === undefined) this.#appendIncident('overload', action, 'Too many messages at once.')
    const outcome: Outcome = queued === undefined ? { kind: 'drop-link' } : await queued
    switch (outcome.kind) {
      case 'answer':
        return outcome.answer
      case 'refuse':
        throw createRPCError('FormatViolation', outcome.detail)
      case 'drop-link':
        if (this.#client === client) this.#hangUp()
        return NOREPLY
    }
  }

  #passOn(frame: string, message: Omit<HeardMessage, 'identity' | 'text'>): void {
    const text = this.#settings.tap === undefined ? undefined : payloadText(frame)
    if (text !== undefined) this.#settings.tap?.heard({ identity: this.#identity, text, ...message })
  }

  /** Somebody else's question to this charger. */
  relay(action: string, payload: RawPayload): Promise<CommandResult<RawPayload>> {
    return this.#sender.ask(action, payload)
  }

  #context(action: string): MessageContext {
    return {
      identity: this.#identity,
      frame: { receivedAtS: this.#clock.nowS(), clockFloorS: this.#settings.clockFloorS },
      handlers: this.#handlers,
      heartbeatIntervalS: this.#settings.heartbeatIntervalS,
      report: (kind, detail) => this.#deliverIncident(kind, action, detail),
      restarted: () => this.#introduction.restarted(),
    }
  }

  #target(): CallTarget | undefined {
    const client = this.#client
    if (client === undefined) return undefined
    return {
      isOpen: () => this.#client === client,
      // The library's own time limit runs on the real clock; the caller's signal replaces it.
      call: (action, payload, signal) => client.call(action, payload, { callTimeoutMs: 0, signal }),
      violation: (action, answer) => this.#dialect.schemas.violation(action, 'conf', answer),
    }
  }

  #appendIncident(kind: IncidentKind, action: string | undefined, detail: string): void {
    void this.#messages.append(() => this.#deliverIncident(kind, action, detail))
  }

  async #deliverIncident(kind: IncidentKind, action: string | undefined, detail: string): Promise<void> {
    const passed = this.#gate.pass(detail)
    if (passed === undefined) return
    const atS = this.#clock.nowS()
    await this.#deliver({ type: 'incident', identity: this.#identity, atS, kind, action, detail: passed })
  }

  #append(event: ChargerEvent): void {
    void this.#messages.append(() => this.#deliver(event))
  }

  /** For events without a message behind them: nobody can repeat them, so a handler's failure ends here. */
  async #deliver(event: ChargerEvent): Promise<void> {
    try {
      await this.#handlers.onEvent(event)
    } catch {
      // The shell reports its own failing storage; there is nowhere else to say it.
    }
  }
}

/** The shell holds on to its commands for as long as it runs; the version may change between two links. */
const inTheVersionOf = (dialect: () => Dialect): ChargerCommands => ({
  isConnected: () => dialect().commands.isConnected(),
  remoteStart: (request) => dialect().commands.remoteStart(request),
  remoteStop: (id) => dialect().commands.remoteStop(id),
  unlock: (connector) => dialect().commands.unlock(connector),
  changeConfiguration: (key, value) => dialect().commands.changeConfiguration(key, value),
  trigger: (message, connector) => dialect().commands.trigger(message, connector),
  setProfile: (profile) => dialect().commands.setProfile(profile),
  clearProfile: (which) => dialect().commands.clearProfile(which),
  get tokenList() {
    return dialect().commands.tokenList
  },
  readMeter: (id) => dialect().commands.readMeter(id),
  changeAvailability: (id, isOperative) => dialect().commands.changeAvailability(id, isOperative),
})

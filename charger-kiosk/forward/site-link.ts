/**
 * One charger's connection to the site CSMS: opens it, opens it again, introduces the charger by its own words, and tells
 * what waits in the outbox in its order. One CALL at a time (OCPP-J 1.6 §4.1.1). What piled up during an outage goes out at
 * a bounded rate, and how things stand now goes in between, so that neither waits for the other for ever.
 * Longer than most files: a connection's life reads best in one place.
 */

import type { CancelTimer, Clock, Timers } from '@/lib/core/clock'
import { limits } from '@/lib/core/limits'
import { durationMs } from '@/lib/core/units'
import { asPayload, integerField } from '../ocpp/payload'
import type { RawPayload } from '../ocpp/port'
import type { KeptMessage, Outbox } from './outbox'
import { RawCallClient } from './raw-call-client'
import { subprotocolOf, type ForwardTarget } from './settings'
import { bootAgainText, outgoingText } from './told'

export interface SiteLinkPorts {
  readonly outbox: Outbox
  readonly clock: Clock
  readonly timers: Timers
  /** A command of the site CSMS; what it throws with an `rpcErrorCode` becomes a CALLERROR. */
  onCommand(action: string, params: RawPayload): Promise<RawPayload>
  /** Worth a line in the journal: the site CSMS never took a message. */
  onSetAside(message: KeptMessage, reason: string): void
  log(what: string, facts: Readonly<Record<string, string | number>>): void
  readonly pace?: Partial<Pace>
}

export interface Pace {
  /** Waits before it is opened again: the first, and the longest. */
  readonly reconnectMs: number
  readonly reconnectMsMax: number
  readonly answerMs: number
  /** After a refusal; doubles with each. */
  readonly againMs: number
  /** A charger that is gone for so long is gone for the site CSMS too. */
  readonly absenceMs: number
}

const usualPace: Pace = {
  reconnectMs: 1_000,
  reconnectMsMax: 60_000,
  answerMs: 30_000,
  againMs: 2_000,
  absenceMs: 30_000,
}

/** Refused or unanswered so often, a message is set aside; as it is when the link broke under it this often. */
const refusalsMax = 5
const lossesMax = 20
const pingIntervalMs = 30_000
/** Where a site CSMS names no sensible interval of its own. */
const heartbeatBoundsS = { least: 5, usual: 300, most: 86_400 }

export type LinkStanding = 'idle' | 'connecting' | 'waiting-to-be-accepted' | 'connected'

interface Live {
  readonly action: string
  readonly text: string
  /** The newest kept message when it came: it is told after that one, unless that would take long. */
  readonly after: number
}

export class SiteLink {
  readonly #target: ForwardTarget
  readonly #ports: SiteLinkPorts
  readonly #pace: Pace
  readonly #states = new Map<string, { readonly action: string; readonly text: string }>()
  #passing: Live[] = []
  #standing: LinkStanding = 'idle'
  #fault: string | undefined
  #isChargerHere = false
  #isBootNews = false
  #isClosed = false
  #wakeUp: () => void = () => undefined
  #isWoken = false
  #cancelAbsence: CancelTimer = () => undefined
  #client: RawCallClient | undefined
  #running: Promise<void> = Promise.resolve()
  #retry: { readonly id: number; readonly atMs: number } | undefined
  #backlogEnd = 0
  #nextBackfillMs = 0
  #heartbeatS: number = heartbeatBoundsS.usual
  #nextBeatMs = 0

  constructor(target: ForwardTarget, ports: SiteLinkPorts) {
    this.#target = target
    this.#ports = ports
    this.#pace = { ...usualPace, ...ports.pace }
  }

  get standing(): LinkStanding {
    return this.#standing
  }

  /** Why it is not connected, in the words of whoever said no. */
  get fault(): string | undefined {
    return this.#fault
  }

  /** It can be told what happens at the moment at which it happens. */
  get isListening(): boolean {
    return this.#standing === 'connected'
  }

  start(): void {
    this.#running = this.#run()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelAbsence()
    this.wake()
    await this.#client?.close({ force: true }).catch(() => undefined)
    await this.#running
  }

  /** Something is new: a message waits, or the charger came or went. */
  wake(): void {
    this.#isWoken = true
    this.#wakeUp()
  }

  chargerCame(): void {
    this.#cancelAbsence()
    this.#isChargerHere = true
    this.wake()
  }

  /** A charger that lost its link for a moment is not reported as gone. */
  chargerWent(): void {
    this.#cancelAbsence()
    this.#cancelAbsence = this.#ports.timers.after(durationMs(this.#pace.absenceMs), () => {
      this.#isChargerHere = false
      // How things stood says nothing about how they will stand.
      this.#states.clear()
      this.wake()
    })
  }

  /** The charger started afresh: its own words are in the outbox's facts already. */
  booted(text: string): void {
    this.#isBootNews = true
    if (this.isListening) this.tellPassing('BootNotification', text)
  }

  tellState(key: string, action: string, text: string): void {
    this.#states.set(key, { action, text })
    if (this.isListening) this.tellPassing(action, text)
  }

  tellPassing(action: string, text: string): void {
    if (!this.isListening) return
    const after = this.#ports.outbox.lastId(this.#target.charger)
    this.#passing = [...this.#passing, { action, text, after }].slice(-limits.forwardPassingMax)
    this.wake()
  }

  /** The site CSMS asked for another interval of heartbeats. */
  beatEvery(intervalS: number): void {
    const { least, usual, most } = heartbeatBoundsS
    this.#heartbeatS = intervalS <= 0 ? usual : Math.min(most, Math.max(least, intervalS))
    this.#nextBeatMs = this.#nowMs() + this.#heartbeatS * 1_000
    this.wake()
  }

  /** A charger that is not there and has nothing left to say needs no connection. */
  get #isWanted(): boolean {
    return (
      !this.#isClosed && (this.#isChargerHere || this.#ports.outbox.next(this.#target.charger) !== undefined)
    )
  }

  async #run(): Promise<void> {
    let failures = 0
    while (!this.#isClosed) {
      try {
        if (this.#isWanted) {
          const wasAccepted = await this.#connectOnce()
          failures = wasAccepted ? 0 : failures + 1
        } else {
          await this.#sleep(undefined)
          continue
        }
      } catch (error) {
        failures += 1
        this.#fault = describe(error)
        this.#ports.log('forward-failed', { charger: this.#target.charger, detail: this.#fault })
      }
      const { reconnectMs, reconnectMsMax } = this.#pace
      const untilMs =
        this.#nowMs() + Math.min(reconnectMsMax, reconnectMs * 2 ** Math.min(Math.max(0, failures - 1), 16))
      while (!this.#isClosed && this.#nowMs() < untilMs) await this.#sleep(untilMs - this.#nowMs())
    }
    this.#standing = 'idle'
  }

  /** From the handshake to the end of the link. True where the site CSMS took the charger in. */
  async #connectOnce(): Promise<boolean> {
    const client = this.#makeClient()
    this.#client = client
    this.#standing = 'connecting'
    let wasAccepted = false
    try {
      await client.connect()
      this.#standing = 'waiting-to-be-accepted'
      wasAccepted = await this.#introduce(client)
      if (wasAccepted) await this.#serve(client)
    } catch (error) {
      const fault = describe(error)
      if (fault !== this.#fault)
        this.#ports.log('forward-lost', { charger: this.#target.charger, detail: fault })
      this.#fault = fault
    } finally {
      this.#standing = 'idle'
      this.#client = undefined
      this.#passing = []
      await client.close({ force: true }).catch(() => undefined)
    }
    return wasAccepted
  }

  #makeClient(): RawCallClient {
    const { url, identity, password, tls, version } = this.#target
    const client = new RawCallClient({
      endpoint: url,
      identity,
      password: password ?? null,
      protocols: [subprotocolOf(version)],
      reconnect: false,
      strictMode: false,
      strictModeValidators: [],
      callTimeoutMs: this.#pace.answerMs,
      pingIntervalMs,
      deferPingsOnActivity: false,
      respondWithDetailedErrors: false,
      callConcurrency: 1,
      maxBadMessages: 50,
      wsOpts: { ...tls, maxPayload: limits.ocppFrameBytesMax, handshakeTimeout: 10_000 },
      headers: {},
      maxReconnects: 0,
      backoff: { initialDelay: 1_000, maxDelay: 2_000, factor: 2, randomisationFactor: 0 },
    })
    client.on('close', () => this.wake())
    client.on('disconnect', () => this.wake())
    client.on('socketError', (error: Error) => (this.#fault = error.message))
    client.handle((async ({ method, params }: { method: string; params: unknown }) =>
      this.#ports.onCommand(method, asPayload(params))) as never)
    return client
  }

  /** BootNotification until it is accepted; a Pending or Rejected names how long to wait (1.6 §4.2, 2.0.1 B02, B03). */
  async #introduce(client: RawCallClient): Promise<boolean> {
    for (;;) {
      if (!isOpen(client) || !this.#isWanted) return false
      const answer = asPayload(
        await client.callText('BootNotification', this.#bootText(), this.#pace.answerMs),
      )
      const intervalS = integerField(answer, 'interval') ?? 0
      if (answer['status'] === 'Accepted') {
        this.#isBootNews = false
        this.beatEvery(intervalS)
        return true
      }
      this.#fault = `the site CSMS answered the BootNotification with ${String(answer['status'])}`
      const untilMs = this.#nowMs() + Math.min(3_600, Math.max(heartbeatBoundsS.least, intervalS)) * 1_000
      while (isOpen(client) && this.#isWanted && this.#nowMs() < untilMs) {
        await this.#sleep(untilMs - this.#nowMs())
      }
    }
  }

  /** What the charger said when it started; one that has not since forwarding began is introduced by what is known. */
  #bootText(): string {
    const { charger, version } = this.#target
    const told = this.#ports.outbox.fact(charger, 'boot')
    if (told !== undefined) return this.#isBootNews ? told : bootAgainText(told, version)
    return version === '1.6'
      ? '{"chargePointVendor":"Unknown","chargePointModel":"Unknown"}'
      : '{"reason":"Unknown","chargingStation":{"vendorName":"Unknown","model":"Unknown"}}'
  }

  async #serve(client: RawCallClient): Promise<void> {
    const { charger } = this.#target
    this.#standing = 'connected'
    this.#fault = undefined
    this.#backlogEnd = this.#ports.outbox.lastId(charger)
    this.#ports.log('forward-connected', { charger, waiting: this.#ports.outbox.figures(charger).waiting })
    this.#passing = [...this.#states.values()].map((state) => ({ ...state, after: 0 }))
    while (isOpen(client) && this.#isWanted) {
      this.#isWoken = false
      const waitMs = await this.#tellNext(client)
      if (waitMs > 0) await this.#sleep(waitMs)
    }
    if (isOpen(client)) this.#fault = this.#isClosed ? undefined : 'the charger is not connected'
    else this.#ports.log('forward-lost', { charger, detail: this.#fault ?? 'the link broke' })
  }

  /** Tells one thing, or gives how long there is nothing to tell. */
  async #tellNext(client: RawCallClient): Promise<number> {
    const nowMs = this.#nowMs()
    const kept = this.#ports.outbox.next(this.#target.charger)
    const keptAtMs = kept === undefined ? Number.POSITIVE_INFINITY : this.#dueMs(kept)
    const [live] = this.#passing
    const mayOvertake = kept === undefined || kept.id > (live?.after ?? 0) || kept.id <= this.#backlogEnd
    if (live !== undefined && (mayOvertake || keptAtMs > nowMs)) {
      this.#passing = this.#passing.slice(1)
      await this.#tellLive(client, live.action, live.text)
      return 0
    }
    if (kept !== undefined && keptAtMs <= nowMs) {
      await this.#tellKept(client, kept)
      return 0
    }
    if (nowMs >= this.#nextBeatMs) {
      await this.#tellLive(client, 'Heartbeat', '{}')
      return 0
    }
    return Math.min(keptAtMs, this.#nextBeatMs) - nowMs
  }

  #dueMs({ id }: KeptMessage): number {
    const retryMs = this.#retry?.id === id ? this.#retry.atMs : 0
    return Math.max(retryMs, id <= this.#backlogEnd ? this.#nextBackfillMs : 0)
  }

  /** Whatever becomes of it, it is not told again. */
  async #tellLive(client: RawCallClient, action: string, text: string): Promise<void> {
    this.#nextBeatMs = this.#nowMs() + this.#heartbeatS * 1_000
    try {
      const answer = asPayload(await client.callText(action, text, this.#pace.answerMs))
      if (action === 'BootNotification') this.beatEvery(integerField(answer, 'interval') ?? 0)
    } catch (error) {
      this.#ports.log('forward-refused', { charger: this.#target.charger, action, detail: describe(error) })
    }
  }

  async #tellKept(client: RawCallClient, message: KeptMessage): Promise<void> {
    const { outbox, clock } = this.#ports
    const { charger, backfillPerSecond, version } = this.#target
    this.#nextBackfillMs = this.#nowMs() + 1_000 / backfillPerSecond
    if (message.payload === '') return this.#setAside(message, 'the disk does not hold what was written')
    const { transactionId } = message
    const namesTransaction =
      version === '1.6' && message.action !== 'StartTransaction' && transactionId !== undefined
    const id = transactionId === undefined ? undefined : outbox.siteIdOf(charger, transactionId)
    const text = outgoingText(message, { namesTransaction, id })
    let answer: RawPayload
    try {
      answer = asPayload(await client.callText(message.action, text, this.#pace.answerMs))
    } catch (error) {
      if (isOpen(client)) this.#refused(message, describe(error))
      else this.#lost(message, describe(error))
      return
    }
    // A CSMS that gives no number has taken the start all the same.
    const siteId = message.action === 'StartTransaction' ? integerField(answer, 'transactionId') : undefined
    outbox.delivered(charger, message, siteId)
    this.#nextBeatMs = clock.monotonicMs() + this.#heartbeatS * 1_000
  }

  #refused(message: KeptMessage, reason: string): void {
    const refusals = message.refusals + 1
    if (refusals >= refusalsMax) return this.#setAside(message, reason)
    this.#ports.outbox.failed(message, 'refused')
    this.#retry = { id: message.id, atMs: this.#nowMs() + this.#pace.againMs * 2 ** message.refusals }
  }

  /** A message that a site CSMS dies of must not keep it from all others. */
  #lost(message: KeptMessage, reason: string): void {
    this.#fault = reason
    if (message.losses + 1 >= lossesMax) this.#setAside(message, reason)
    else this.#ports.outbox.failed(message, 'lost')
  }

  #setAside(message: KeptMessage, reason: string): void {
    const { outbox, clock } = this.#ports
    outbox.setAside(this.#target.charger, message, reason, clock.nowS())
    this.#ports.onSetAside(message, reason)
  }

  #nowMs(): number {
    return this.#ports.clock.monotonicMs()
  }

  /** Until something is new, or the time is over. */
  #sleep(ms: number | undefined): Promise<void> {
    if (this.#isWoken) {
      this.#isWoken = false
      return Promise.resolve()
    }
    return new Promise((resolve) => {
      const cancel =
        ms === undefined || !Number.isFinite(ms)
          ? () => undefined
          : this.#ports.timers.after(durationMs(Math.max(1, Math.ceil(Math.min(ms, 2_000_000_000)))), () =>
              this.#wakeUp(),
            )
      this.#wakeUp = () => {
        cancel()
        this.#wakeUp = () => undefined
        resolve()
      }
    })
  }
}

const isOpen = (client: RawCallClient): boolean => client.state === RawCallClient.OPEN

const describe = (error: unknown): string =>
  (error instanceof Error ? `${codeOf(error)}${error.message}` : String(error)).slice(0, 200)

const codeOf = (error: Error): string => ('rpcErrorCode' in error ? `${String(error.rpcErrorCode)} ` : '')

/**
 * The controller's one queue and everything that it guards: the connectors' states, the offers of this run, what the
 * issuer said, and the timer for the next tick. Jobs run one at a time; a job is durable before it acts.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { CancelTimer } from '@/lib/core/clock'
import { limits } from '@/lib/core/limits'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { durationMs } from '@/lib/core/units'
import type { JournalFault, ProjectionWrite } from '@/lib/journal/journal'
import { incidentDetail, type JournalEvent } from '@/lib/protocol/journal-event'
import { signMessage } from '@/lib/protocol/message'
import { status as statusType } from '@/lib/protocol/messages/status'
import { connectorId as ocppConnector, idTag } from '../ocpp/ids'
import { SerialQueue } from '../ocpp/serial-queue'
import {
  permits,
  type ConnectorEvent,
  type ConnectorState,
  type Effect,
  type Feedback,
  type MachineSettings,
} from '../session/connector-state'
import { nextTickMs } from '../session/due'
import { emptyOfferBook, retireOffers, withOffer, type OfferBook } from '../session/offer-book'
import { rows, type KioskTable } from '../session/records'
import { recoveredPhase, sessionOf } from '../session/recovery'
import { statusPayload } from '../session/screen-view'
import { initialConnector } from '../session/session-machine'
import { standardSettings } from '../session/machine-settings'
import type { Books } from './books'
import { policyAt, type Knowledge } from './knowledge'
import { signOffer } from './offers'
import type { ControllerOptions, ControllerPorts } from './ports'
import type { Timekeeper } from './timekeeper'
import { append, carryOut, type Beside, type WorkParts } from './work'

/** How often the clock's floor is written and the policy's end is looked at while nothing else happens. */
const housekeepingMs = durationMs(600_000)
/** A full disk is tried again this often. */
const storageAgainMs = durationMs(30_000)
/** What cannot be written or fails is due all the time; it is not tried again at once. */
const tickAgainMs = 1_000

type Write = ProjectionWrite<KioskTable>

export class Shell {
  readonly ports: ControllerPorts
  readonly books: Books
  readonly time: Timekeeper
  knowledge: Knowledge
  isOnline = false
  offers: OfferBook = emptyOfferBook

  readonly #options: ControllerOptions
  readonly #work: WorkParts
  readonly #settings: MachineSettings
  readonly #queue = new SerialQueue(limits.controllerJobsMax)
  readonly #states = new Map<number, ConnectorState>()
  readonly #statuses = new Map<number, Bytes>()
  readonly #changeListeners = new Set<() => void>()
  readonly #feedbackListeners = new Set<(connectorId: number, feedback: Feedback) => void>()
  #storage: JournalFault | undefined
  #jobs = 0
  #commands = 0
  #housekeptMs: number
  #cancelTick: CancelTimer = () => undefined
  #hasTickFailed = false
  #isStopped = false

  constructor(
    ports: ControllerPorts,
    options: ControllerOptions,
    { books, time, knowledge }: { books: Books; time: Timekeeper; knowledge: Knowledge },
  ) {
    this.ports = ports
    this.books = books
    this.time = time
    this.knowledge = knowledge
    this.#options = options
    this.#settings = { ...standardSettings, ...options.machine }
    const { journal, signer, observer } = ports
    this.#work = { journal, signer, books, time, settings: this.#settings, observer }
    this.#housekeptMs = ports.clock.monotonicMs()
    for (const id of options.connectorIds) this.#states.set(id, initialConnector(id))
  }

  get connectors(): readonly ConnectorState[] {
    return [...this.#states.values()]
  }

  connector(connectorId: number): ConnectorState | undefined {
    return this.#states.get(connectorId)
  }

  status(connectorId: number): Bytes | undefined {
    return this.#statuses.get(connectorId)
  }

  /** No job runs or waits, and no command to the charger is under way. */
  get isIdle(): boolean {
    return this.#jobs === 0 && this.#commands === 0
  }

  onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener)
    return () => this.#changeListeners.delete(listener)
  }

  onFeedback(listener: (connectorId: number, feedback: Feedback) => void): () => void {
    this.#feedbackListeners.add(listener)
    return () => this.#feedbackListeners.delete(listener)
  }

  /** Rebuilds what was running from the rows beside the journal, and says in the journal that it did. */
  recover(): Promise<Result<void, JournalFault>> {
    return this.run(async () => {
      const listed = this.ports.journal.list('open')
      if (!listed.ok) return listed
      const now = this.time.now()
      for (const { key, value } of listed.value) {
        const open = rows.open.decode(value)
        const row = open.ok ? this.books.session(open.value.sessionId) : undefined
        const session = open.ok && row !== undefined ? sessionOf(open.value, row) : undefined
        if (!open.ok || session?.ok !== true) throw new Error(`The running session at ${key} cannot be read`)
        const connectorId = Number(key)
        const phase = recoveredPhase(session.value, open.value, now, this.#settings)
        this.#states.set(connectorId, { ...initialConnector(connectorId), phase })
      }
      const { timeS, clockQuality } = now
      const boot: JournalEvent = { kind: 'boot', timeS, clockQuality, version: this.#options.version }
      return this.write([boot], this.books.prepareSettled())
    }).then(async (recovered) => {
      if (recovered.ok) await this.tickAll()
      return recovered
    })
  }

  /** Puts a job behind all others. */
  async run<T>(job: () => Promise<T>): Promise<T> {
    this.#jobs += 1
    try {
      return await this.#queue.append(async () => {
        this.#passTime()
        return await job()
      })
    } finally {
      this.#jobs -= 1
      this.#arm()
      for (const listener of this.#changeListeners) listener()
    }
  }

  /** The same, unless too many wait already. */
  runBounded<T>(job: () => Promise<T>): Promise<T> | undefined {
    return this.#jobs >= limits.controllerJobsMax ? undefined : this.run(job)
  }

  /** Within a job: one event through the machine, the journal, and into the world. */
  async dispatch(
    connectorId: number,
    event: ConnectorEvent,
    beside: Beside = {},
  ): Promise<Result<void, JournalFault>> {
    const before = this.#states.get(connectorId)
    if (before === undefined) return ok(undefined)
    const done = await carryOut(this.#work, before, event, beside)
    if (!done.ok) {
      for (const effect of done.error.effects) await this.#act(connectorId, effect)
      await this.#storageFailed(done.error.fault)
      return err(done.error.fault)
    }
    const { state, effects, wrote } = done.value
    this.#states.set(connectorId, state)
    if (wrote) await this.#storageWorks()
    await this.#refreshStatus(state, wrote)
    for (const effect of effects) await this.#act(connectorId, effect)
    return ok(undefined)
  }

  async dispatchToAll(event: ConnectorEvent): Promise<Result<void, JournalFault>> {
    let result: Result<void, JournalFault> = ok(undefined)
    for (const connectorId of this.#states.keys()) {
      const done = await this.dispatch(connectorId, event)
      if (!done.ok) result = done
    }
    return result
  }

  /** Within a job: events and rows that belong to no connector. */
  async write(
    events: readonly JournalEvent[],
    writes: readonly Write[] = [],
  ): Promise<Result<void, JournalFault>> {
    const appended = append(this.#work, events, writes)
    if (appended.ok) await this.#storageWorks()
    else await this.#storageFailed(appended.error)
    return appended
  }

  incident(what: string, detail: string): JournalEvent {
    return { kind: 'incident', timeS: this.time.now().timeS, what, detail: incidentDetail(detail) }
  }

  tickAll(): Promise<void> {
    return this.run(async () => {
      await this.#housekeep()
      await this.dispatchToAll({ kind: 'tick' })
    })
  }

  /** Opens or closes the connectors by what the issuer allows now. */
  async refreshClosed(): Promise<void> {
    const reason = this.closedReason()
    for (const { connectorId, closedFor } of this.connectors) {
      if (closedFor !== reason) await this.dispatch(connectorId, { kind: 'closed', reason })
    }
  }

  closedReason(): ReasonCode | undefined {
    const { timeS } = this.time.now()
    if (this.#storage !== undefined) return 'charger.storage'
    if (timeS > this.knowledge.certificate.payload.notAfterS) return 'charger.unpaired'
    return policyAt(this.knowledge, timeS) === undefined ? 'charger.policy' : undefined
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancelTick()
    await this.#queue.idle()
  }

  /** Without this the clock's floor would lag, and a jump would go unnoticed until the next boot. */
  #passTime(): void {
    const jumpedS = this.time.pass()
    if (jumpedS !== 0) {
      // Best effort: if the disk is full, the jump is the smaller worry.
      append(this.#work, [this.incident('clock.jump', `the wall clock moved by ${jumpedS} s`)], [])
    }
  }

  async #housekeep(): Promise<void> {
    const nowMs = this.ports.clock.monotonicMs()
    const isDue = nowMs - this.#housekeptMs >= housekeepingMs
    if (!isDue && this.#storage === undefined) return
    this.#housekeptMs = nowMs
    await this.write([])
    await this.refreshClosed()
  }

  #arm(): void {
    this.#cancelTick()
    if (this.#isStopped || this.#jobs > 0) return
    const now = this.time.now()
    const dueMs = Math.min(
      this.#storage === undefined ? this.#housekeptMs + housekeepingMs : now.monotonicMs + storageAgainMs,
      ...this.connectors.map((state) => nextTickMs(state, now, this.#settings)),
    )
    const leastMs = this.#hasTickFailed || this.#storage !== undefined ? tickAgainMs : 0
    const waitMs = durationMs(Math.max(leastMs, Math.ceil(dueMs - now.monotonicMs)))
    this.#cancelTick = this.ports.timers.after(waitMs, () => {
      this.tickAll().then(
        () => (this.#hasTickFailed = false),
        // A bug in one tick must not end the sessions of the others.
        (error: unknown) => {
          this.#hasTickFailed = true
          this.ports.log?.('tick-failed', { detail: String(error) })
        },
      )
    })
  }

  async #storageFailed(fault: JournalFault): Promise<void> {
    this.ports.log?.('journal-failed', { cause: fault.cause, detail: fault.detail })
    const isNews = this.#storage === undefined
    this.#storage = fault
    // `full` left the disk as it was. Anything else leaves it in doubt, and only a fresh start reads it truly.
    if (fault.cause !== 'full' && fault.cause !== 'too-large') this.ports.onFatal?.(fault)
    if (isNews) await this.refreshClosed()
  }

  async #storageWorks(): Promise<void> {
    if (this.#storage === undefined) return
    this.#storage = undefined
    await this.refreshClosed()
  }

  async #refreshStatus(state: ConnectorState, wrote: boolean): Promise<void> {
    const { connectorId, phase } = state
    if (!permits[phase.kind].open) this.#statuses.delete(connectorId)
    if (this.#options.signsStatus === false || (this.#statuses.has(connectorId) && !wrote)) return
    const payload = statusPayload(state, this.time.now())
    if (payload === undefined) return
    try {
      const signed = await signMessage(statusType, payload, this.ports.signer)
      this.#statuses.set(connectorId, signed.bytes)
    } catch (error) {
      this.ports.log?.('signing-failed', { what: 'status', detail: String(error) })
    }
  }

  async #act(connectorId: number, effect: Effect): Promise<void> {
    switch (effect.kind) {
      case 'make-offer':
        return this.#makeOffer(connectorId)
      case 'retire-offers':
        this.offers = retireOffers(this.offers, connectorId, effect.as)
        return
      case 'remote-start': {
        const tag = idTag(tagOf(effect.sessionId))
        const started = this.ports
          .charger()
          ?.remoteStart({ connectorId: ocppConnector(connectorId), idTag: tag })
        return this.#follow(started, async (answered) => {
          // No answer is no refusal: the charger may still act, so only a clear no ends the start.
          const isRefused = !answered.ok && ['rejected', 'not-supported'].includes(answered.error.code)
          if (!answered.ok) this.ports.log?.('remote-start', { code: answered.error.code })
          await this.dispatch(connectorId, { kind: 'start-answered', willStart: !isRefused })
        })
      }
      case 'remote-stop':
        return this.#follow(this.ports.charger()?.remoteStop(effect.transactionId))
      case 'ask-meter':
        return this.#follow(this.ports.charger()?.trigger('MeterValues', ocppConnector(connectorId)))
      case 'feedback':
        for (const listener of this.#feedbackListeners) listener(connectorId, effect.feedback)
        return
      case 'sign-receipt':
        // Not signed in its job: the connector stays in `ending` and its next tick asks again.
        return
    }
  }

  /** Commands run beside the queue; what comes of them is a job of its own. */
  #follow<T>(command: Promise<T> | undefined, job?: (answer: T) => Promise<void>): void {
    if (command === undefined) return
    this.#commands += 1
    void command
      .then((answer) => (job === undefined ? undefined : this.run(() => job(answer))))
      .finally(() => {
        this.#commands -= 1
      })
  }

  async #makeOffer(connectorId: number): Promise<void> {
    if (this.#states.get(connectorId)?.phase.kind !== 'offering') return
    const now = this.time.now()
    const policy = policyAt(this.knowledge, now.timeS)
    if (policy === undefined) return this.refreshClosed()
    try {
      const facts = {
        connectorId,
        policy,
        revocationEpoch: this.knowledge.revocations.payload.epoch,
        isOnline: this.isOnline,
      }
      const offer = await signOffer(facts, now, this.ports.signer, this.ports.random)
      this.offers = withOffer(this.offers, offer)
      await this.dispatch(connectorId, { kind: 'offer-made', offer })
    } catch (error) {
      this.ports.log?.('signing-failed', { what: 'offer', detail: String(error) })
    }
  }
}

/** What a transaction is started with: CiString20 holds this much of a session id. */
export const tagOf = (sessionId: string): string => sessionId.slice(0, 20)

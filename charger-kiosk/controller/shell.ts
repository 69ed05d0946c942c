/**
 * The controller's one queue and everything that it guards: the connectors' states, the offers of this run, what the
 * issuer said, and the timer for the next tick. Jobs run one at a time; a job is durable before it acts.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { CancelTimer } from '@/lib/core/clock'
import { limits } from '@/lib/core/limits'
import { HeldBook } from '@/lib/sync/held-ranges'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { durationMs, type EpochSeconds } from '@/lib/core/units'
import type { JournalFault, ProjectionWrite } from '@/lib/journal/journal'
import { decodeJournalEvent, incidentDetail, type JournalEvent } from '@/lib/protocol/journal-event'
import { signMessage } from '@/lib/protocol/message'
import { status as statusType } from '@/lib/protocol/messages/status'
import { certificateSerial } from '@/lib/protocol/messages/charger-certificate'
import type { ChargePointIdentity } from '../ocpp/ids'
import { SerialQueue } from '../ocpp/serial-queue'
import {
  permits,
  type ConnectorEvent,
  type ConnectorState,
  type Feedback,
  type MachineSettings,
  type Now,
} from '../session/connector-state'
import { restartAnomaly } from '../safety/anomalies'
import { nextTickMs } from '../session/due'
import { emptyOfferBook, type OfferBook } from '../session/offer-book'
import type { KioskTable } from '../session/records'
import type { SiteReserve } from '../session/site-reserve'
import { statusPayload } from '../session/screen-view'
import { bayLimits, configuredPowerW } from '../session/safety-check'
import { initialConnector } from '../session/session-machine'
import { standardSettings } from '../session/machine-settings'
import { Allowance } from './allowance'
import { AnomalyDesk } from './anomaly-desk'
import type { BayAddress, BayMap } from './bays'
import type { Books } from './books'
import { coolingBays } from './cooling-bays'
import type { CardBook } from './card-book'
import { Hands } from './hands'
import { Keyring } from './keyring'
import { certificateAt, isRevoked, type Knowledge } from './knowledge'
import type { ControllerOptions, ControllerPorts } from './ports'
import { meterTrust } from './meter-evidence'
import { policyAt } from './policy-in-force'
import { PolicyWatch } from './policy-watch'
import { recoverConnectors } from './recover'
import { bayOfState, isShadow, shadowOf } from './shadow-bays'
import { takenOutBays } from './taken-out'
import type { Timekeeper } from './timekeeper'
import { append, carryOut, type Beside, type WorkParts } from './work'

/** How often the clock's floor is written and the policy's end is looked at while nothing else happens. */
const housekeepingMs = durationMs(600_000)
/** A full disk is tried again this often. */
const storageAgainMs = durationMs(30_000)
/** What cannot be written or fails is due all the time; it is not tried again at once. */
const tickAgainMs = 1_000
/** How far back a start looks for others. */
const lateEvents = 200

type Write = ProjectionWrite<KioskTable>

export class Shell {
  readonly ports: ControllerPorts
  readonly books: Books
  readonly time: Timekeeper
  readonly keys: Keyring
  /** What strangers may make this charger write before the issuer has heard of it. */
  readonly allowance = new Allowance()
  readonly anomalies = new AnomalyDesk()
  /** The site's cards, as the issuer listed them. */
  readonly cards: CardBook
  /** What there is to say about the policy. */
  readonly policies = new PolicyWatch()
  /** What the operator holds of the log beyond its beginning. */
  readonly held = new HeldBook()
  knowledge: Knowledge
  isOnline = false
  offers: OfferBook = emptyOfferBook
  /** Where the site has a gateway that keeps one. */
  siteReserve: SiteReserve | undefined

  readonly #options: ControllerOptions
  readonly #work: WorkParts
  readonly #settings: MachineSettings
  readonly #queue = new SerialQueue(limits.controllerJobsMax)
  readonly #states = new Map<number, ConnectorState>()
  /** Bays of chargers that say of themselves as a whole that they cannot serve. */
  readonly #outOfService = new Set<number>()
  /** Bays that a technician took out of service; a restart keeps them closed. */
  takenOut: ReadonlySet<number> = new Set()
  readonly #statuses = new Map<number, Bytes>()
  readonly #changeListeners = new Set<() => void>()
  readonly #feedbackListeners = new Set<(connectorId: number, feedback: Feedback) => void>()
  #storage: JournalFault | undefined
  #jobs = 0
  readonly #hands = new Hands(this)
  #housekeptMs: number
  #cancelTick: CancelTimer = () => undefined
  #hasTickFailed = false
  #isStopped = false

  constructor(
    ports: ControllerPorts,
    options: ControllerOptions,
    {
      books,
      time,
      knowledge,
      cards,
    }: { books: Books; time: Timekeeper; knowledge: Knowledge; cards: CardBook },
  ) {
    this.cards = cards
    this.ports = ports
    this.books = books
    this.time = time
    this.knowledge = knowledge
    this.#options = options
    this.#settings = { ...standardSettings, ...options.machine }
    this.keys = new Keyring(ports.signer, ports.otherSigners)
    const { journal, observer } = ports
    this.#work = { journal, keys: this.keys, books, time, settings: this.#settings, observer }
    this.#housekeptMs = ports.clock.monotonicMs()
    for (const bay of options.bays.bays) this.#states.set(bay, initialConnector(bay))
  }

  get bays(): BayMap {
    return this.#options.bays
  }

  addressOf(bay: number): BayAddress | undefined {
    return this.#options.bays.addressOf(bayOfState(bay))
  }

  /** Of all bays, and what is settled beside them. */
  get allStates(): readonly ConnectorState[] {
    return [...this.#states.values()]
  }

  /** The same of one charger. */
  statesAt(identity: ChargePointIdentity): readonly ConnectorState[] {
    return this.allStates.filter((one) => this.addressOf(one.connectorId)?.identity === identity)
  }

  /** A place beside the bay for one session that cannot stand there any more; it goes with the session. */
  openShadow(bay: number): number {
    const id = shadowOf(bay, (taken) => this.#states.has(taken))
    this.#states.set(id, initialConnector(id))
    return id
  }

  /** The most that it may deliver as configured; 0 where nothing is. */
  bayPowerW(bay: number): number {
    return configuredPowerW(bay, this.#settings)
  }

  get connectors(): readonly ConnectorState[] {
    return this.allStates.filter((one) => !isShadow(one.connectorId))
  }

  connector(connectorId: number): ConnectorState | undefined {
    return this.#states.get(connectorId)
  }

  status(connectorId: number): Bytes | undefined {
    return this.#statuses.get(connectorId)
  }

  /** No job runs or waits, and no command to the charger is under way. */
  get isIdle(): boolean {
    return this.#jobs === 0 && !this.#hands.isBusy
  }

  onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener)
    return () => this.#changeListeners.delete(listener)
  }

  onFeedback(listener: (connectorId: number, feedback: Feedback) => void): () => void {
    this.#feedbackListeners.add(listener)
    return () => this.#feedbackListeners.delete(listener)
  }

  tell(connectorId: number, feedback: Feedback): void {
    if (isShadow(connectorId)) return
    for (const listener of this.#feedbackListeners) listener(connectorId, feedback)
  }

  /** Rebuilds what was running from the rows beside the journal, and says in the journal that it did. */
  recover(): Promise<Result<void, JournalFault>> {
    return this.run(async () => {
      const now = this.time.now()
      const recovered = recoverConnectors(
        this.ports.journal,
        this.books,
        now,
        this.#settings,
        meterTrust(this),
      )
      if (!recovered.ok) return recovered
      for (const state of recovered.value) this.#states.set(state.connectorId, state)
      const late = this.#lateEvents()
      this.#goOnCooling(late, now)
      this.takenOut = takenOutBays(this.ports.journal)
      const { timeS, clockQuality } = now
      const boot: JournalEvent = { kind: 'boot', timeS, clockQuality, version: this.#options.version }
      const restarts = restartAnomaly(bootsOf(late), timeS)
      const told = restarts === undefined ? [] : [this.incident(restarts.what, restarts.detail)]
      return this.write([boot, ...told], this.books.prepareSettled())
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
      for (const effect of done.error.effects) await this.#hands.act(connectorId, effect)
      await this.#storageFailed(done.error.fault)
      return err(done.error.fault)
    }
    const { state, effects, wrote } = done.value
    if (isShadow(connectorId) && !permits[state.phase.kind].open) this.#states.delete(connectorId)
    else this.#states.set(connectorId, state)
    if (wrote) await this.#storageWorks()
    await this.#refreshStatus(state, wrote)
    for (const effect of effects) await this.#hands.act(connectorId, effect)
    return ok(undefined)
  }

  dispatchToAll(event: ConnectorEvent): Promise<Result<void, JournalFault>> {
    return this.dispatchTo([...this.#states.keys()], event)
  }

  /** To each of them, whatever becomes of the others; the last fault is told. */
  async dispatchTo(
    connectorIds: readonly number[],
    event: ConnectorEvent,
  ): Promise<Result<void, JournalFault>> {
    let result: Result<void, JournalFault> = ok(undefined)
    for (const connectorId of connectorIds) {
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
    const overdue = this.policies.overdueNews(this.knowledge, this.time.now().timeS)
    if (overdue !== undefined) await this.write([this.incident('policy.overdue', overdue)])
    const closed = this.closedReason()
    for (const { connectorId, closedFor } of this.connectors) {
      const own = this.#outOfService.has(connectorId) ? 'charger.faulted' : undefined
      const reason = closed ?? (this.takenOut.has(connectorId) ? 'charger.service' : own)
      if (closedFor !== reason) await this.dispatch(connectorId, { kind: 'closed', reason })
    }
  }

  /** A running session goes on: its own connector says how it is (OCPP 1.6 §4.9). */
  async setService(connectorIds: readonly number[], isInService: boolean): Promise<void> {
    for (const id of connectorIds) {
      if (isInService) this.#outOfService.delete(id)
      else this.#outOfService.add(id)
    }
    await this.refreshClosed()
  }

  closedReason(): ReasonCode | undefined {
    const { timeS } = this.time.now()
    if (this.#storage !== undefined) return 'charger.storage'
    const outside = this.ports.closedBy?.()
    if (outside !== undefined) return outside
    const certificate = certificateAt(this.knowledge, timeS)
    if (timeS > certificate.payload.notAfterS) return 'charger.unpaired'
    // Its key may be in other hands as well: whoever pays here could not tell which of the two it is.
    if (isRevoked(this.knowledge, certificateSerial(certificate.hash))) return 'charger.revoked'
    return policyAt(this.knowledge, timeS) === undefined ? 'charger.policy' : undefined
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancelTick()
    await this.#queue.idle()
  }

  #goOnCooling(late: readonly JournalEvent[], now: Now): void {
    const cooling = coolingBays(
      late,
      (id) => this.books.session(id),
      now,
      (bay) => bayLimits(bay, this.#settings).coolDownMs,
    )
    for (const [bay, coolingUntilMs] of cooling) {
      const state = this.#states.get(bay)
      if (state !== undefined) this.#states.set(bay, { ...state, coolingUntilMs })
    }
  }

  #lateEvents(): readonly JournalEvent[] {
    const { journal } = this.ports
    const read = journal.read(Math.max(journal.purgedSize, journal.size - lateEvents), journal.size)
    if (!read.ok) return []
    return read.value.flatMap(({ payload }) => {
      const event = decodeJournalEvent(payload)
      return event.ok ? [event.value] : []
    })
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
      ...this.allStates.map((state) => nextTickMs(state, now, this.#settings)),
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
      const key = 'session' in phase ? phase.session.key : undefined
      const signed = await signMessage(statusType, payload, this.keys.of(key))
      this.#statuses.set(connectorId, signed.bytes)
    } catch (error) {
      this.ports.log?.('signing-failed', { what: 'status', detail: String(error) })
    }
  }
}

/** A controller that starts again and again has few other events between. */
const bootsOf = (events: readonly JournalEvent[]): readonly EpochSeconds[] =>
  events.flatMap((event) => (event.kind === 'boot' ? [event.timeS] : []))

/**
 * The controller of one charger, whole and without a platform: the process gives it sockets, disk and keys, a
 * simulation gives it twins. Start reading at `createController`.
 */

import { limits } from '@/lib/core/limits'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import type { JournalFault } from '@/lib/journal/journal'
import type { JournalEvent } from '@/lib/protocol/journal-event'
import type { ChargerHandlers } from '../ocpp/port'
import type { ScreenState } from '../screen-protocol'
import type { AcceptanceFacts } from '../session/acceptance'
import { permits, type Feedback } from '../session/connector-state'
import { hindranceOf } from '../session/idle-phases'
import { offerStanding } from '../session/offer-book'
import { Books } from './books'
import { chargerHandlers } from './charger-handlers'
import { adoptNews, type Knowledge, type News } from './knowledge'
import type { ControllerOptions, ControllerPorts } from './ports'
import { staleRows } from './retention'
import { prepareScan, type Prepared, type ScanOutcome } from './scan'
import { composeScreen } from './screen'
import { Shell } from './shell'
import { SyncLoop } from './sync-loop'
import { Timekeeper } from './timekeeper'

export interface Controller {
  /** For the OCPP server. */
  readonly handlers: ChargerHandlers
  /** Resumes what was running, journals the boot, starts timers and the way to the cloud. */
  start(): Promise<Result<void, JournalFault>>
  /** Stops timers and waits for what is under way. Nothing is ended: a controller may stop at any instant. */
  stop(): Promise<void>
  /** Whatever a camera read, in any phase. Never rejects for what people can show. */
  handleScan(connectorId: number, text: string): Promise<ScanOutcome>
  /** Six digits typed at the screen. */
  handleStop(connectorId: number, stopCode: string): Promise<Result<void, Refusal>>
  dismiss(connectorId: number): Promise<void>
  screenState(): ScreenState
  onChange(listener: () => void): () => void
  onFeedback(listener: (connectorId: number, feedback: Feedback) => void): () => void
  /** News that came by any road; each part is verified before it counts. */
  takeNews(news: News): Promise<void>
  /** One attempt to reach the cloud right now. Without a road it does nothing. */
  syncNow(): Promise<void>
  /** The network has come or gone: the schedule starts afresh. */
  networkChanged(): void
  /** Nothing is under way: for virtual time, which stands still until then. */
  isIdle(): boolean
}

const retentionEveryS = 6 * 3_600

/** Fails only when what stands on the disk cannot be read. `knowledge` is what `loadKnowledge` or an enrolment gave. */
export function createController(
  ports: ControllerPorts,
  options: ControllerOptions,
  knowledge: Knowledge,
): Result<Controller, JournalFault> {
  const books = Books.open(ports.journal)
  if (!books.ok) return books
  const time = Timekeeper.open(ports.journal, ports.clock, options.buildTimeS)
  if (!time.ok) return time
  const shell = new Shell(ports, options, { books: books.value, time: time.value, knowledge })
  return ok(new ChargerController(shell, options))
}

class ChargerController implements Controller {
  readonly handlers: ChargerHandlers
  readonly #shell: Shell
  readonly #options: ControllerOptions
  readonly #sync: SyncLoop | undefined
  #scansWaiting = 0
  #pinned = 0
  #retainedAtS = 0

  constructor(shell: Shell, options: ControllerOptions) {
    this.#shell = shell
    this.#options = options
    this.handlers = chargerHandlers(shell)
    this.#sync = this.#createSync()
  }

  async start(): Promise<Result<void, JournalFault>> {
    const recovered = await this.#shell.recover()
    if (!recovered.ok) return recovered
    await this.#shell.run(() => this.#shell.refreshClosed())
    this.#shell.onChange(() => this.#sync?.look())
    this.#sync?.start()
    return recovered
  }

  async stop(): Promise<void> {
    await this.#sync?.stop()
    await this.#shell.stop()
  }

  async handleScan(connectorId: number, text: string): Promise<ScanOutcome> {
    const { observer } = this.#shell.ports
    observer?.scanStarted?.()
    if (this.#scansWaiting >= limits.scansWaitingMax) return refused(refusal('charger.busy'))
    this.#scansWaiting += 1
    try {
      return await this.#shell.run(() => this.#scan(connectorId, text))
    } finally {
      this.#scansWaiting -= 1
      observer?.scanAnswered?.()
    }
  }

  handleStop(connectorId: number, stopCode: string): Promise<Result<void, Refusal>> {
    return this.#shell.run(async () => {
      const state = this.#shell.connector(connectorId)
      if (state === undefined || !permits[state.phase.kind].stop) return ok(undefined)
      const heard: Refusal[] = []
      const stopListening = this.#shell.onFeedback((_id, feedback) => {
        if (feedback.outcome === 'refused') heard.push(feedback.refusal)
      })
      const done = await this.#shell.dispatch(connectorId, { kind: 'stop-code', stopCode })
      stopListening()
      if (!done.ok) return err(done.error)
      const [wrong] = heard
      return wrong === undefined ? ok(undefined) : err(wrong)
    })
  }

  async dismiss(connectorId: number): Promise<void> {
    await this.#shell.run(() => this.#shell.dispatch(connectorId, { kind: 'dismissed' }))
  }

  screenState(): ScreenState {
    return composeScreen(this.#shell, this.#options)
  }

  onChange(listener: () => void): () => void {
    return this.#shell.onChange(listener)
  }

  onFeedback(listener: (connectorId: number, feedback: Feedback) => void): () => void {
    return this.#shell.onFeedback(listener)
  }

  async takeNews(news: News): Promise<void> {
    await this.#shell.run(() => this.#adopt(news, undefined))
  }

  async syncNow(): Promise<void> {
    await this.#sync?.now()
  }

  networkChanged(): void {
    this.#sync?.nudge()
  }

  isIdle(): boolean {
    return this.#shell.isIdle && this.#sync?.isBusy !== true
  }

  /** Decide, sign, write, answer; in this order, in one job. */
  async #scan(connectorId: number, text: string): Promise<ScanOutcome> {
    const shell = this.#shell
    const now = shell.time.now()
    const { signer, random } = shell.ports
    let prepared: Prepared
    try {
      prepared = await prepareScan(text, this.#facts(), now, {
        signer,
        random,
        books: shell.books,
        mayPin: this.#pinned < limits.pinnedDeclinesMax,
        seenAt: connectorId,
      })
    } catch (error) {
      shell.ports.log?.('scan-failed', { detail: String(error) })
      return this.#refuse(connectorId, {
        kind: 'refused',
        refusal: refusal('charger.controller'),
        answer: undefined,
        beside: {},
      })
    }
    switch (prepared.kind) {
      case 'known':
        return prepared
      case 'refused':
        return this.#refuse(connectorId, prepared)
      case 'accepted':
        return this.#accept(connectorId, prepared)
    }
  }

  async #accept(seenAt: number, prepared: Extract<Prepared, { kind: 'accepted' }>): Promise<ScanOutcome> {
    const { session, event, connectorId, beside } = prepared
    const done = await this.#shell.dispatch(connectorId, { kind: 'accepted', session, event }, beside)
    // Not durable, so it never happened: nothing is signed away, and the phone may show the same code again.
    if (!done.ok)
      return this.#refuse(seenAt, {
        kind: 'refused',
        refusal: refusal('charger.storage'),
        answer: undefined,
        beside: {},
      })
    const { sessionId, answer, stopCode } = session
    return { kind: 'accepted', sessionId, answer, stopCode }
  }

  async #refuse(connectorId: number, prepared: Extract<Prepared, { kind: 'refused' }>): Promise<ScanOutcome> {
    const shown = {
      refusal: prepared.refusal,
      answer: prepared.answer,
      what: 'answer',
      atS: this.#shell.time.now().timeS,
    } as const
    const done = await this.#shell.dispatch(
      connectorId,
      { kind: 'declined', refused: shown },
      prepared.beside,
    )
    if (!done.ok) return refused(refusal('charger.storage'))
    if (prepared.answer !== undefined) this.#pinned += 1
    return { kind: 'refused', refusal: prepared.refusal, answer: prepared.answer }
  }

  #facts(): AcceptanceFacts {
    const { books, knowledge, time, ports } = this.#shell
    const { timeS, clockQuality, monotonicMs } = time.now()
    const { operator, siteId } = knowledge.certificate.payload
    return {
      operator,
      siteId,
      time: { nowS: timeS, quality: clockQuality },
      trust: knowledge.trustList.payload,
      stepUp: this.#options.stepUp,
      verify: ports.verify,
      exposureMinor: books.exposureMinor,
      known: (hash) => books.knownAnswer(hash),
      offer: (hash) => offerStanding(this.#shell.offers, hash, monotonicMs),
      chain: (serial) => books.chain(serial),
      usedHere: (serial) => books.usedHere(serial),
      isRevoked: (serial) => knowledge.revoked.has(serial),
      hindrance: (connectorId) => this.#hindrance(connectorId),
    }
  }

  #hindrance(connectorId: number) {
    const state = this.#shell.connector(connectorId)
    if (state === undefined) return 'charger.unplugged' as const
    if (permits[state.phase.kind].accept) return undefined
    return state.closedFor ?? hindranceOf(state.hardware) ?? ('charger.busy' as const)
  }

  #createSync(): SyncLoop | undefined {
    const shell = this.#shell
    const { journal, signer, verify, road, clock, timers, random, log } = shell.ports
    if (road === undefined) return undefined
    return new SyncLoop(journal, {
      clock,
      timers,
      random,
      parts: () => ({ journal, signer, verify, road, certificate: shell.knowledge.certificate.bytes }),
      trust: () => {
        const { timeS, clockQuality } = shell.time.now()
        const atS = clockQuality === 'unknown' ? undefined : timeS
        return { root: shell.knowledge.root, trustList: shell.knowledge.trustList.payload, atS }
      },
      timeS: () => shell.time.now().timeS,
      onNews: async (news, acknowledgedAtS) => {
        await shell.run(async () => {
          shell.isOnline = true
          this.#pinned = 0
          await this.#adopt(news, acknowledgedAtS)
        })
      },
      onAcknowledged: async () => {
        await shell.run(() => this.#settle([], []))
      },
      onFault: ({ code, detail }) => {
        if (shell.isOnline) log?.('cloud-lost', { code, detail })
        shell.isOnline = false
        void shell.run(() => Promise.resolve())
      },
    })
  }

  /** Within a job: takes in what is verified and newer, and what the acknowledgement settles. */
  async #adopt(news: News, acknowledgedAtS: EpochSeconds | undefined): Promise<void> {
    const shell = this.#shell
    if (acknowledgedAtS !== undefined) shell.time.heardIssuer(acknowledgedAtS, true)
    const before = shell.knowledge
    const { timeS } = shell.time.now()
    const adopted = adoptNews(before, news, timeS, shell.ports.verify)
    const events: JournalEvent[] = adopted.refused.map((what) => shell.incident('news.refused', what))
    if (adopted.knowledge !== before) {
      events.push(newsEvent(adopted.knowledge, timeS))
      const { trustList, revocations } = adopted.knowledge
      for (const { payload } of [trustList, revocations]) shell.time.heardIssuer(payload.timeS, false)
    }
    shell.knowledge = adopted.knowledge
    await this.#settle(events, adopted.writes)
    await shell.refreshClosed()
  }

  /** Within a job: money that the issuer's acknowledgement confirms, and rows that are no longer wanted. */
  async #settle(events: readonly JournalEvent[], writes: Parameters<Shell['write']>[1]): Promise<void> {
    const shell = this.#shell
    const settled = shell.books.prepareSettled()
    const { timeS } = shell.time.now()
    const isDue = timeS - this.#retainedAtS >= retentionEveryS
    const stale = isDue ? staleRows(shell.ports.journal, timeS, (id) => !shell.books.isUnsettled(id)) : []
    if (isDue) this.#retainedAtS = timeS
    const all = [...(writes ?? []), ...settled, ...stale]
    if (events.length > 0 || all.length > 0) await shell.write(events, all)
  }
}

const refused = (why: Refusal): ScanOutcome => ({ kind: 'refused', refusal: why, answer: undefined })

const newsEvent = (
  { policy, nextPolicy, revocations, trustList }: Knowledge,
  timeS: EpochSeconds,
): JournalEvent => ({
  kind: 'news',
  timeS,
  policySequence: (nextPolicy ?? policy)?.payload.sequence ?? 0,
  revocationEpoch: revocations.payload.epoch,
  trustSequence: trustList.payload.sequence,
})

/**
 * The controller of one charger, whole and without a platform: the process gives it sockets, disk and keys, a
 * simulation gives it twins. Start reading at `createController`.
 */

import type { Refusal } from '@/lib/core/reason'
import type { GrantSerial } from '@/lib/core/ids'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import type { JournalFault } from '@/lib/journal/journal'
import type { ClockQuality } from '@/lib/protocol/common-fields'
import type { ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import type { DayOfBays } from '@/lib/telemetry/uptime'
import type { ChargePointIdentity } from '../ocpp/ids'
import type { ChargerHandlers } from '../ocpp/port'
import type { ScreenState } from '../screen-protocol'
import type { FoundSeal, SealFinding } from '../safety/seals'
import { permits, type Feedback } from '../session/connector-state'
import type { StepUpOrigin } from '../session/step-up'
import { openSite, type Site } from '../site/open-site'
import type { SiteStanding } from '../site/site-loop'
import { SiteCopy } from '../site/site-copy'
import { Books } from './books'
import { CardBook } from './card-book'
import { CardDesk } from './card-desk'
import { CardPush } from './card-push'
import { CardStarts } from './card-starts'
import { chargerHandlers } from './charger-handlers'
import { certificateAt, everTrustedBy, type Knowledge, type News } from './knowledge'
import { NewsDesk } from './news-desk'
import { LetterPost } from './letter-post'
import { ParcelPost } from './parcel-post'
import type { PolicyStanding } from './policy-watch'
import type { ControllerOptions, ControllerPorts } from './ports'
import { PowerKeeper } from './power-keeper'
import type { ScanOutcome } from './scan'
import { Scans } from './scans'
import { recordSeals } from './seal-book'
import { TechnicianPost } from './technician-post'
import { composeScreen } from './screen'
import { Shell } from './shell'
import { SiteDesk } from './site-desk'
import { SyncLoop } from './sync-loop'
import { syncSources } from './sync-sources'
import { Timekeeper } from './timekeeper'

export interface Controller {
  /** For the OCPP server. */
  readonly handlers: ChargerHandlers
  /** For the site's own CSMS. */
  readonly site: SiteDesk
  /** Resumes what was running, journals the boot, starts timers and the way to the cloud. */
  start(): Promise<Result<void, JournalFault>>
  /** Stops timers and waits for what is under way. Nothing is ended: a controller may stop at any instant. */
  stop(): Promise<void>
  /** Whatever a camera read, in any phase. Never rejects for what people can show. */
  handleScan(connectorId: number, text: string): Promise<ScanOutcome>
  /** Six digits typed at the screen. */
  handleStop(connectorId: number, stopCode: string): Promise<Result<void, Refusal>>
  dismiss(connectorId: number): Promise<void>
  /** Seals as a technician found them; whatever is not as it was written down is an incident. */
  recordSeals(
    found: readonly FoundSeal[],
    by: GrantSerial,
  ): Promise<Result<readonly SealFinding[], JournalFault>>
  screenState(): ScreenState
  /** What technician mode may ask and change. */
  readonly technician: TechnicianPost
  /** The certificate under which offers are made now. */
  certificate(): ChargerCertificate
  /** For health pages and metrics. */
  standing(): Standing
  /** Looks again whether it may sell: what `closedBy` says has changed. */
  refresh(): Promise<void>
  onChange(listener: () => void): () => void
  onFeedback(listener: (connectorId: number, feedback: Feedback) => void): () => void
  /** News that came by any road; each part is verified before it counts. */
  takeNews(news: News): Promise<void>
  /** A day of its bays into the log; false where the disk does not take it. */
  tellDay(day: DayOfBays): Promise<boolean>
  /** For carriers; undefined where the process has given no keys to seal with. */
  readonly parcels: ParcelPost | undefined
  /** For roads that are paid by the byte; undefined likewise. */
  readonly letters: LetterPost | undefined
  /** One attempt to reach the cloud right now. Without a road it does nothing. */
  syncNow(): Promise<void>
  /** The network has come or gone: the schedule starts afresh. */
  networkChanged(): void
  /** What somebody outside lets its chargers draw has changed. Says whether this charger takes limits at all. */
  outsideLimitsChanged(identity: ChargePointIdentity): boolean
  /** Chargers keep lists of cards from us. */
  listsTokens(): boolean
  /** Nothing is under way: for virtual time, which stands still until then. */
  isIdle(): boolean
}

export interface Standing {
  readonly timeS: EpochSeconds
  readonly clockQuality: ClockQuality
  readonly isOnline: boolean
  /** How the site's gateway stands to its reserve; undefined where there is none. */
  readonly site: SiteStanding | undefined
  /** Undefined while the charger sells. */
  readonly closedFor: ReasonCode | undefined
  readonly policy: PolicyStanding
}

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
  const cards = CardBook.open(ports.journal, knowledge, ports.verify)
  if (!cards.ok) return cards
  const copy = SiteCopy.open(ports.journal, everTrustedBy(knowledge))
  if (!copy.ok) return copy
  const open = { books: books.value, time: time.value, knowledge, cards: cards.value }
  const shell = new Shell(ports, options, open)
  return ok(new ChargerController(shell, options, copy.value))
}

class ChargerController implements Controller {
  readonly handlers: ChargerHandlers
  readonly site: SiteDesk
  readonly technician: TechnicianPost
  readonly parcels: ParcelPost | undefined
  readonly letters: LetterPost | undefined
  readonly #shell: Shell
  readonly #options: ControllerOptions
  readonly #sync: SyncLoop | undefined
  readonly #news: NewsDesk
  readonly #scans: Scans
  readonly #power: PowerKeeper
  readonly #cards: CardDesk
  readonly #cardPush: CardPush
  readonly #site: Site | undefined

  constructor(shell: Shell, options: ControllerOptions, copy: SiteCopy) {
    this.#shell = shell
    this.#options = options
    this.technician = new TechnicianPost(shell)
    this.#power = new PowerKeeper(shell, options.power)
    this.site = new SiteDesk(shell)
    this.#cards = new CardDesk(shell, options.stepUp)
    this.#cardPush = new CardPush(shell)
    this.handlers = this.#poweredHandlers(options.stepUp)
    this.#news = new NewsDesk(shell, (items) => this.#site?.heard(items))
    const { parcels, siteLine } = shell.ports
    this.#site = siteLine && openSite(shell, siteLine, this.#news, copy)
    shell.siteReserve = this.#site?.reserve
    this.parcels = parcels === undefined ? undefined : new ParcelPost(shell, this.#news, parcels)
    this.letters = parcels === undefined ? undefined : new LetterPost(shell, this.#news, parcels)
    this.#scans = new Scans(shell, this.#news, options.stepUp)
    this.#sync = this.#createSync()
  }

  async start(): Promise<Result<void, JournalFault>> {
    const recovered = await this.#shell.recover()
    if (!recovered.ok) return recovered
    await this.#shell.run(() => this.#shell.refreshClosed())
    this.#shell.onChange(() => this.#sync?.look())
    this.#shell.onChange(() => this.#power.look())
    this.#shell.onChange(() => this.#cardPush.look())
    this.#sync?.start()
    this.#site?.start()
    return recovered
  }

  async stop(): Promise<void> {
    this.#power.stop()
    await this.#sync?.stop()
    await this.#site?.stop()
    await this.#shell.stop()
  }

  handleScan(connectorId: number, text: string): Promise<ScanOutcome> {
    return this.#scans.take(connectorId, text)
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

  recordSeals(found: readonly FoundSeal[], by: GrantSerial): ReturnType<Controller['recordSeals']> {
    return this.#shell.run(() => recordSeals(this.#shell, found, by))
  }

  screenState(): ScreenState {
    return composeScreen(this.#shell, this.#options, (bay) => this.#cards.isWaitingAt(bay))
  }

  certificate(): ChargerCertificate {
    return certificateAt(this.#shell.knowledge, this.#shell.time.now().timeS).payload
  }

  standing(): Standing {
    const shell = this.#shell
    const { timeS, clockQuality } = shell.time.now()
    return {
      timeS,
      clockQuality,
      isOnline: shell.isOnline,
      site: this.#site?.standing,
      closedFor: shell.closedReason(),
      policy: shell.policies.standing(shell.knowledge, timeS),
    }
  }

  async refresh(): Promise<void> {
    await this.#shell.run(() => this.#shell.refreshClosed())
  }

  onChange(listener: () => void): () => void {
    return this.#shell.onChange(listener)
  }

  onFeedback(listener: (connectorId: number, feedback: Feedback) => void): () => void {
    return this.#shell.onFeedback(listener)
  }

  async takeNews(news: News): Promise<void> {
    await this.#shell.run(() => this.#news.byRoad(news))
  }

  tellDay({ day, bays }: DayOfBays): Promise<boolean> {
    const shell = this.#shell
    return shell.run(async () => {
      const { timeS } = shell.time.now()
      return (await shell.write([{ kind: 'telemetry', timeS, day, bays }])).ok
    })
  }

  async syncNow(): Promise<void> {
    await this.#sync?.now()
  }

  networkChanged(): void {
    this.#sync?.nudge()
    this.#site?.nudge()
  }

  outsideLimitsChanged(identity: ChargePointIdentity): boolean {
    void this.#power.outsideChanged(identity)
    return this.#power.isObeyedBy(identity)
  }

  listsTokens(): boolean {
    return this.#shell.cards.list !== undefined
  }

  isIdle(): boolean {
    return this.#shell.isIdle && !this.#power.isBusy && !this.#cardPush.isBusy && this.#sync?.isBusy !== true
  }

  /** A charger that was set up afresh gets its profiles afresh, beside the queue. */
  #poweredHandlers(stepUp: StepUpOrigin): ChargerHandlers {
    const starts = new CardStarts(this.#shell, this.#cards, stepUp)
    const handlers = chargerHandlers(this.#shell, { desk: this.#cards, starts })
    return {
      ...handlers,
      onEvent: async (event) => {
        await handlers.onEvent(event)
        this.#cardPush.heard(event)
        if (event.type !== 'configured') return
        void this.#power.setUp(event.identity)
      },
    }
  }

  #createSync(): SyncLoop | undefined {
    const shell = this.#shell
    const { journal, road, clock, timers, random, log } = shell.ports
    if (road === undefined) return undefined
    const { parts, trust, timeS } = syncSources(shell)
    return new SyncLoop(journal, {
      ...{ clock, timers, random, trust, timeS },
      parts: () => ({ ...parts(), road }),
      onNews: async (news, acknowledged) => {
        await shell.run(async () => {
          shell.isOnline = true
          await this.#news.byRoad(news, acknowledged)
        })
      },
      onAcknowledged: async () => {
        await shell.run(() => this.#news.settle(undefined))
      },
      onFault: ({ code, detail }) => {
        if (shell.isOnline) log?.('cloud-lost', { code, detail })
        shell.isOnline = false
        void shell.run(() => Promise.resolve())
      },
    })
  }
}

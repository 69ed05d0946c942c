/**
 * Transactions that a charger began by itself with a card: at once, or while nobody was there to ask and it went by its
 * own list. Energy may have flowed already, so a known card is never turned away afterwards: its session is written down
 * at the price of that time, for what the card has left, and what does not fit is an incident beside it.
 */

import type { SessionId } from '@/lib/core/ids'
import { addSeconds, wattHours, type EpochSeconds } from '@/lib/core/units'
import type { JournalEvent } from '@/lib/protocol/journal-event'
import type { ProjectionWrite } from '@/lib/journal/journal'
import { transactionId, type TransactionId } from '../ocpp/ids'
import type {
  AuthorizationStatus,
  MeterSample,
  PresentedToken,
  ReportedTime,
  StartTransactionAnswer,
  StartTransactionRequest,
  StopTransactionNotice,
} from '../ocpp/port'
import { judgeBearer, judgeLateBearer } from '../session/bearer'
import { serialOf, type Card } from '../session/card-list'
import { statusFor } from '../session/card-verdict'
import { permits, type ConnectorState, type Now } from '../session/connector-state'
import type { KioskTable } from '../session/records'
import { begunAs, begunWrite, startKey, stopKey } from './begun-book'
import type { CardDesk } from './card-desk'
import { bearerFacts } from './facts'
import { certificateAt, revocationEpochOf } from './knowledge'
import { durable } from './durable'
import { examineSamples, meterTrust } from './meter-evidence'
import { signOffer } from './offers'
import { pricesAt } from './policy-in-force'
import type { StepUpOrigin } from '../session/step-up'
import type { Shell } from './shell'
import { acceptBearer } from './voucher-scan'

type Write = ProjectionWrite<KioskTable>

/** A charger with a link says at once that it began; what says so later went by its own list. */
const lateAfterS = 60
/** No charger remembers longer, and a clock that says so is wrong. */
const oldestS = 90 * 86_400

/** What is known of the begin, from whichever message told of it. */
interface Begin {
  readonly identity: StartTransactionRequest['identity']
  readonly bay: number
  readonly card: Card
  readonly transactionId: TransactionId
  readonly meterStartWh: StartTransactionRequest['meterStartWh']
  readonly startS: EpochSeconds
  readonly isLate: boolean
  /** By which a repeat is known, also after a restart. */
  readonly key: string
  readonly writes: readonly Write[]
}

interface Recorded {
  readonly status: AuthorizationStatus
  /** A session stands on it. */
  readonly isRecorded: boolean
}

export class CardStarts {
  readonly #shell: Shell
  readonly #desk: CardDesk
  readonly #stepUp: StepUpOrigin

  constructor(shell: Shell, desk: CardDesk, stepUp: StepUpOrigin) {
    this.#shell = shell
    this.#desk = desk
    this.#stepUp = stepUp
  }

  /** Undefined where the token is not on the list: then it is nobody's. */
  async begin(request: StartTransactionRequest): Promise<StartTransactionAnswer | undefined> {
    const shell = this.#shell
    const { token = { text: request.idTag, type: undefined }, identity } = request
    const card = shell.cards.find(token)
    if (card === undefined) return undefined
    const key = startKey(request)
    const before = begunAs(shell.ports.journal, key)
    if (before !== undefined) {
      const known = { transactionId: before.id, isRecorded: before.isSession }
      return before.isSession
        ? { ...known, status: 'Accepted', group: card.group }
        : { ...known, status: 'Invalid' }
    }
    const bay = shell.bays.bayOf(identity, request.connectorId, request.evseConnector)
    if (bay === undefined) return undefined
    const expected = openOf(shell, identity, card).find(({ phase }) => phase.kind === 'starting')
    const id = request.transactionId ?? transactionId(shell.books.counters.transactionId + 1)
    const writes = request.transactionId === undefined ? [shell.books.prepareTransaction(id)] : []
    const { startS, isLate } = this.#when(request.time, request.isOffline === true)
    const { meterStartWh } = request
    const begin: Begin = { identity, bay, card, transactionId: id, meterStartWh, startS, isLate, key, writes }
    this.#desk.taken(identity)
    if (expected?.connectorId === bay && 'session' in expected.phase) {
      await this.#start(bay, begin, expected.phase.session.sessionId, writes)
      return { transactionId: id, status: 'Accepted', group: card.group }
    }
    // It was let in for one bay and began at another of the same charger.
    if (expected !== undefined)
      durable(await shell.dispatch(expected.connectorId, { kind: 'card-again', serial: serialOf(card) }))
    const { status, isRecorded } = await this.#record(begin)
    return { transactionId: id, status, isRecorded, group: status === 'Accepted' ? card.group : undefined }
  }

  /**
   * A stop whose start never came. Without a register at the begin no energy can be proved, so readings of the begin that
   * came with the stop count, and otherwise nothing is billed. False where the token is nobody's, or it is a repeat.
   */
  async endedUnseen(notice: StopTransactionNotice): Promise<boolean> {
    const shell = this.#shell
    const { identity, samples, meterStopWh, time, reason } = notice
    const token: PresentedToken | undefined =
      notice.token ?? (notice.idTag === undefined ? undefined : { text: notice.idTag, type: undefined })
    const card = token === undefined ? undefined : shell.cards.find(token)
    const [bay] = shell.bays.baysOf(identity)
    if (card === undefined || bay === undefined) return false
    // We gave this number out, so its start was recorded, and so was its end: it comes once more.
    const isOurs =
      token?.type === undefined && (notice.transactionId ?? Infinity) <= shell.books.counters.transactionId
    if (isOurs) return false
    const key = stopKey(notice)
    const before = begunAs(shell.ports.journal, key)
    if (before !== undefined) return before.isSession
    const id = notice.transactionId ?? transactionId(shell.books.counters.transactionId + 1)
    const first = firstOf(samples)
    const { startS } = this.#when(first?.time ?? time, true)
    const writes = notice.transactionId === undefined ? [shell.books.prepareTransaction(id)] : []
    const meterStartWh = first?.registerWh ?? meterStopWh
    const begin = { identity, bay, card, transactionId: id, meterStartWh, startS, isLate: true, key, writes }
    await this.#record(begin)
    const state = shell
      .statesAt(identity)
      .find(({ phase }) => phase.kind === 'charging' && phase.running.transactionId === id)
    if (state === undefined) return true
    const lost = shell.incident(
      'ocpp.start-lost',
      `card ${serialOf(card)}, meter stop ${meterStopWh ?? 'unknown'}`,
    )
    const records = examineSamples(shell, state, samples)
    const stopped = { kind: 'transaction-stopped', meterStopWh, reason, time, samples, records } as const
    durable(await shell.dispatch(state.connectorId, stopped, { events: [lost] }))
    return true
  }

  async #record(begin: Begin): Promise<Recorded> {
    const shell = this.#shell
    const { bay, card, startS, isLate, identity } = begin
    const now = shell.time.now()
    const at: Now = { ...now, timeS: startS }
    const offer = await this.#offerAt(bay, at, now)
    const spentMinor = shell.books.bearer(serialOf(card))?.spentMinor ?? 0
    const facts = bearerFacts(shell, this.#stepUp)
    const time = { ...facts.time, nowS: startS }
    if (offer === undefined) return this.#refuse(begin, 'charger.policy')
    const { sessionCapMinor } = card
    const asked = { ...facts, time, offer, spentMinor, sessionCapMinor, hindrance: () => undefined }
    const expired = startS > (shell.cards.list?.notAfterS ?? 0)
    const off = shell.cards.areOff(shell.knowledge, now.timeS)
    if (!isLate && (expired || off)) return this.#refuse(begin, expired ? 'card.list-expired' : 'card.off')
    const closedFor = shell.connector(bay)?.closedFor
    if (!isLate && closedFor !== undefined) return this.#refuse(begin, closedFor)
    const judged = isLate ? judgeLateBearer(card.voucher, asked) : judgeBearer(card.voucher, asked)
    if (judged === undefined) return this.#refuse(begin, 'voucher.signature')
    if ('ok' in judged && !judged.ok) return this.#refuse(begin, judged.error.code)
    const late = 'ok' in judged ? { ...judged.value, misfit: undefined } : judged
    const isTwice = shell.allStates.some(
      ({ phase }) =>
        'session' in phase && permits[phase.kind].open && phase.session.serial === serialOf(card),
    )
    if (!isLate && isTwice) return this.#refuse(begin, 'card.in-use')
    const parts = { books: shell.books, signer: shell.keys.of(offer.key), random: shell.ports.random }
    const accepted = {
      voucher: late.voucher,
      holdMinor: late.holdMinor,
      offer,
      spentMinor,
      byCard: true as const,
    }
    const { session, event, beside } = await acceptBearer(accepted, at, parts)
    const misfit = late.misfit ?? (expired ? 'card.list-expired' : undefined)
    const place = this.#placeFor(bay)
    const events = misfit === undefined ? [] : [this.#misfitLine(begin, misfit)]
    const row = begunWrite(begin.key, session.sessionId, begin.transactionId, now.timeS)
    const writes = [...(beside.writes ?? []), ...begin.writes, row]
    durable(await shell.dispatch(place, { kind: 'accepted', session, event }, { writes, events }))
    await this.#start(place, begin, session.sessionId, [])
    shell.ports.log?.('card-began', { identity, bay, isLate, serial: serialOf(card) })
    // What was found wrong after the fact does not undo the energy, but it may stop more of it.
    return { status: misfit === undefined ? 'Accepted' : statusFor(misfit), isRecorded: true }
  }

  async #start(
    place: number,
    { key, transactionId: id, meterStartWh, startS }: Begin,
    session: SessionId,
    writes: readonly Write[],
  ): Promise<void> {
    const shell = this.#shell
    const { timeS } = shell.time.now()
    const started = {
      kind: 'transaction-started',
      transactionId: id,
      meterStartWh,
      startS,
      expectsRecords: meterTrust(shell).keyHash !== undefined,
      startedAgoMs: Math.max(0, timeS - startS) * 1_000,
    } as const
    const begun = begunWrite(key, session, id, timeS)
    durable(await shell.dispatch(place, started, { writes: [...writes, begun] }))
  }

  /** So that the same stop is no news after a restart. */
  stopSeen(notice: StopTransactionNotice, { phase }: ConnectorState): readonly Write[] {
    if (!('running' in phase) || phase.session.byCard !== true) return []
    const { timeS } = this.#shell.time.now()
    const { transactionId: id } = phase.running
    return [begunWrite(stopKey(notice), phase.session.sessionId, id, timeS)]
  }

  /** What stands at the bay goes first; a session that became known late is settled beside it. */
  #placeFor(bay: number): number {
    const state = this.#shell.connector(bay)
    return state !== undefined && permits[state.phase.kind].open ? this.#shell.openShadow(bay) : bay
  }

  async #refuse(begin: Begin, code: Parameters<typeof statusFor>[0]): Promise<Recorded> {
    const { timeS } = this.#shell.time.now()
    const row = begunWrite(begin.key, undefined, begin.transactionId, timeS)
    durable(await this.#shell.write([this.#misfitLine(begin, code)], [...begin.writes, row]))
    return { status: statusFor(code), isRecorded: false }
  }

  #misfitLine({ card, identity, bay, isLate }: Begin, code: string): JournalEvent {
    const how = isLate ? 'began while nobody was there' : 'began'
    return this.#shell.incident(
      'card.misfit',
      `${identity}: card ${serialOf(card)} ${how} at bay ${bay}, ${code}`,
    )
  }

  #offerAt(bay: number, at: Now, now: Now): ReturnType<typeof signOffer> | undefined {
    const shell = this.#shell
    const { knowledge, cards } = shell
    const policy = cards.priceAt(knowledge, at.timeS, now.timeS)
    const certificate = certificateAt(knowledge, now.timeS)
    if (policy === undefined) return undefined
    const facts = {
      connectorId: bay,
      policy,
      prices: pricesAt(policy, undefined, at),
      certificate,
      revocationEpoch: revocationEpochOf(knowledge),
      isOnline: shell.isOnline,
      hasSiteReserve: false,
      bayPowerW: shell.bayPowerW(bay),
    }
    return signOffer(facts, at, shell.keys.of(certificate.payload.key), shell.ports.random)
  }

  #when(
    { reportedAtS, plausible }: ReportedTime,
    isOffline: boolean,
  ): { startS: EpochSeconds; isLate: boolean } {
    const { timeS, clockQuality } = this.#shell.time.now()
    const fits =
      plausible && reportedAtS !== undefined && reportedAtS <= timeS && reportedAtS > timeS - oldestS
    const startS = fits ? reportedAtS : timeS
    // Without the time nobody knows whether it is late, and energy that has flowed must not be nobody's.
    const isDoubtful = !plausible || clockQuality === 'unknown'
    return { startS, isLate: isOffline || isDoubtful || timeS > addSeconds(startS, lateAfterS) }
  }
}

/** Sessions of this card at this charger. */
const openOf = (shell: Shell, identity: Begin['identity'], card: Card): readonly ConnectorState[] =>
  shell
    .statesAt(identity)
    .filter(
      ({ phase }) =>
        'session' in phase && permits[phase.kind].open && phase.session.serial === serialOf(card),
    )

/** The session that a stop without a number means: its card's. */
export function openByCard(shell: Shell, notice: StopTransactionNotice): ConnectorState | undefined {
  const token = notice.token ?? { text: notice.idTag ?? '', type: undefined }
  const card = shell.cards.find(token)
  return card === undefined ? undefined : openOf(shell, notice.identity, card)[0]
}

/** The earliest reading, of the begin where one says so. */
function firstOf(samples: readonly MeterSample[]): MeterSample | undefined {
  const read = samples.filter(({ registerWh }) => registerWh !== undefined)
  const begin = read.find(({ context }) => context === 'Transaction.Begin')
  return begin ?? read.toSorted((a, b) => (a.registerWh ?? wattHours(0)) - (b.registerWh ?? wattHours(0)))[0]
}

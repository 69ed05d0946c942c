/**
 * Cards at the chargers' own readers, and contracts of vehicles: who is let in, and where. OCPP's Authorize names no bay,
 * so a card that comes before its vehicle waits at its charger for a short while. What lets a charger close its contactor
 * is durable before it hears "Accepted". Everything here runs within a job of the shell.
 */

import { refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import type { ChargePointIdentity } from '../ocpp/ids'
import type { AuthorizeAnswer, AuthorizeRequest, PresentedToken } from '../ocpp/port'
import { judgeBearer, standingFault } from '../session/bearer'
import { serialOf, type Card } from '../session/card-list'
import { contractStatus, statusFor } from '../session/card-verdict'
import { permits, type ConnectorState } from '../session/connector-state'
import type { KnownOffer } from '../session/offer-book'
import type { StepUpOrigin } from '../session/step-up'
import { durable } from './durable'
import { bearerFacts } from './facts'
import type { Shell } from './shell'
import { acceptBearer } from './voucher-scan'

/** How long a card waits for its vehicle: chargers themselves wait about a minute (ConnectionTimeOut). */
const cardWaitsMs = 60_000
/** A hand that holds the card on the reader, or a charger that asks twice, is one presentation. */
const sameTapMs = 3_000
interface Waiting {
  readonly card: Card
  readonly untilMs: number
}

interface Tap {
  readonly atMs: number
  readonly answer: AuthorizeAnswer
}

export class CardDesk {
  readonly #shell: Shell
  readonly #stepUp: StepUpOrigin
  readonly #waiting = new Map<ChargePointIdentity, Waiting>()
  /** By charger and card; what is older than a tap is dropped with the next. */
  readonly #taps = new Map<string, Tap>()

  constructor(shell: Shell, stepUp: StepUpOrigin) {
    this.#shell = shell
    this.#stepUp = stepUp
  }

  /** Throws where it could not be made durable: the charger asks again, or lets nobody in. */
  async authorize(request: AuthorizeRequest): Promise<AuthorizeAnswer> {
    const { identity, token = { text: request.idTag, type: undefined } } = request
    const judged = this.#listed(token)
    if (typeof judged === 'string') return this.#refuse(identity, judged)
    const nowMs = this.#shell.time.now().monotonicMs
    const key = `${identity} ${serialOf(judged)}`
    const earlier = this.#taps.get(key)
    if (earlier !== undefined && nowMs - earlier.atMs < sameTapMs) return earlier.answer
    const certificateStatus = contractStatus(judged, request)
    const answer =
      certificateStatus === undefined || certificateStatus === 'Accepted'
        ? await this.#present(identity, judged)
        : await this.#refuse(identity, 'card.contract')
    const whole = certificateStatus === undefined ? answer : { ...answer, certificateStatus }
    for (const [other, { atMs }] of this.#taps) if (nowMs - atMs >= sameTapMs) this.#taps.delete(other)
    this.#taps.set(key, { atMs: nowMs, answer: whole })
    return whole
  }

  /** A vehicle came to a bay whose charger has a card waiting. */
  async pluggedIn(identity: ChargePointIdentity, bay: number): Promise<void> {
    const card = this.#waitingAt(identity)
    const state = this.#shell.connector(bay)
    if (card === undefined || state?.phase.kind !== 'offering') return
    await this.#present(identity, card)
  }

  /** The card that waits there has been taken up by a session, or the charger began for another. */
  taken(identity: ChargePointIdentity): void {
    this.#waiting.delete(identity)
  }

  /** For the screen of an idle bay. */
  isWaitingAt(bay: number): boolean {
    const identity = this.#shell.addressOf(bay)?.identity
    return identity !== undefined && this.#waitingAt(identity) !== undefined
  }

  /** On the list, and the list counts: the card, or why not. */
  #listed(token: PresentedToken): Card | ReasonCode {
    const { cards, knowledge, time } = this.#shell
    const { timeS } = time.now()
    if (cards.areOff(knowledge, timeS)) return cards.list === undefined ? 'card.unknown' : 'card.off'
    const card = cards.find(token)
    if (card === undefined) return 'card.unknown'
    return timeS > (cards.list?.notAfterS ?? 0) ? 'card.list-expired' : card
  }

  async #present(identity: ChargePointIdentity, card: Card): Promise<AuthorizeAnswer> {
    const serial = serialOf(card)
    const running = this.#shell.allStates.find(
      ({ phase }) => 'session' in phase && permits[phase.kind].open && phase.session.serial === serial,
    )
    if (running !== undefined) return this.#again(identity, card, running)
    const offering = this.#shell
      .statesAt(identity)
      .flatMap((state) => (state.phase.kind === 'offering' && state.phase.offer !== undefined ? [state] : []))
    const [only] = offering
    if (only !== undefined && offering.length === 1 && only.phase.kind === 'offering') {
      const { offer } = only.phase
      if (offer !== undefined) return this.#open(identity, card, only, offer)
    }
    return this.#letIn(identity, card)
  }

  /** The same card stops what it started, at the charger where it did. */
  async #again(
    identity: ChargePointIdentity,
    card: Card,
    { connectorId }: ConnectorState,
  ): Promise<AuthorizeAnswer> {
    if (this.#shell.addressOf(connectorId)?.identity !== identity)
      return this.#refuse(identity, 'card.in-use')
    const again = { kind: 'card-again', serial: serialOf(card) } as const
    durable(await this.#shell.dispatch(connectorId, again))
    return { status: 'Accepted', group: card.group }
  }

  /** A vehicle waits at one bay: the session begins here, before the charger hears of it. */
  async #open(
    identity: ChargePointIdentity,
    card: Card,
    { connectorId }: ConnectorState,
    offer: KnownOffer,
  ): Promise<AuthorizeAnswer> {
    const { books, time, keys, ports } = this.#shell
    const spentMinor = books.bearer(serialOf(card))?.spentMinor ?? 0
    const { sessionCapMinor } = card
    const facts = { ...bearerFacts(this.#shell, this.#stepUp), offer, spentMinor, sessionCapMinor }
    const judged = judgeBearer(card.voucher, facts)
    if (!judged.ok) return this.#refuse(identity, judged.error.code, connectorId)
    const accepted = { ...judged.value, offer, spentMinor, byCard: true as const }
    const parts = { books, signer: keys.of(offer.key), random: ports.random }
    const { session, event, beside } = await acceptBearer(accepted, time.now(), parts)
    durable(await this.#shell.dispatch(connectorId, { kind: 'accepted', session, event }, beside))
    this.taken(identity)
    return { status: 'Accepted', group: card.group }
  }

  /** No vehicle yet, or several: it is let in, and the session begins with the vehicle or with the charger's word. */
  async #letIn(identity: ChargePointIdentity, card: Card): Promise<AuthorizeAnswer> {
    const shell = this.#shell
    const { timeS, monotonicMs } = shell.time.now()
    const hindrance = this.#hindrance(identity, card)
    if (hindrance !== undefined) return this.#refuse(identity, hindrance)
    const listVersion = shell.cards.list?.version ?? 0
    const serial = serialOf(card)
    if (this.#waitingAt(identity) !== card)
      durable(await shell.write([{ kind: 'card-let-in', timeS, serial, listVersion }]))
    this.#waiting.set(identity, { card, untilMs: monotonicMs + cardWaitsMs })
    for (const { connectorId } of shell.statesAt(identity)) shell.tell(connectorId, { outcome: 'accepted' })
    return { status: 'Accepted', group: card.group }
  }

  /** What would refuse it at any bay, seen without an offer. */
  #hindrance(identity: ChargePointIdentity, card: Card): ReasonCode | undefined {
    const shell = this.#shell
    const closed = shell.closedReason()
    if (closed !== undefined) return closed
    const facts = bearerFacts(shell, this.#stepUp)
    const spentMinor = shell.books.bearer(serialOf(card))?.spentMinor ?? 0
    const { payload } = card.voucher
    const fault = standingFault(payload, facts)
    if (fault !== undefined) return fault
    if (spentMinor >= payload.capMinor) return 'voucher.spent'
    const states = shell.statesAt(identity)
    const isFree = states.some(({ phase }) => !permits[phase.kind].open && phase.kind !== 'unavailable')
    const [shut] = states.flatMap(({ phase }) => (phase.kind === 'unavailable' ? [phase.reason] : []))
    return isFree ? undefined : (shut ?? 'charger.busy')
  }

  /** Said at the bays where somebody may stand with the card. */
  async #refuse(identity: ChargePointIdentity, code: ReasonCode, bay?: number): Promise<AuthorizeAnswer> {
    const { timeS: atS } = this.#shell.time.now()
    const shown = { refusal: refusal(code), answer: undefined, what: 'answer', atS } as const
    for (const { connectorId, phase } of this.#shell.statesAt(identity)) {
      if (permits[phase.kind].open || (bay !== undefined && bay !== connectorId)) continue
      await this.#shell.dispatch(connectorId, { kind: 'declined', refused: shown })
    }
    return { status: statusFor(code) }
  }

  #waitingAt(identity: ChargePointIdentity): Card | undefined {
    const waiting = this.#waiting.get(identity)
    if (waiting === undefined || this.#shell.time.now().monotonicMs < waiting.untilMs) return waiting?.card
    this.#waiting.delete(identity)
    return undefined
  }
}

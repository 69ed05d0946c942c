/**
 * What must hold at every step, whatever has failed: checked against the truth at the moment at which a charger has
 * written something down, or lets power flow. Each check is the naive one, from the whole history.
 */

import { minorUnitExponent } from '@/lib/core/currency'
import type { OperatorId } from '@/lib/core/ids'
import { wholeUnits, riskDefaults } from '@/lib/policy/defaults'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'
import type { Receipt } from '@/lib/protocol/messages/receipt'
import { CardRules } from './card-rules'
import { ChargerWords } from './charger-words'
import { HomeRules } from './home-rules'
import { honestEpochsMax, worldCurrency } from './place'
import type { Timeline } from './timeline'
import { short, type Trace } from './trace'
import type { Consented, Place, TrueAccept, TrueFinal, Truth } from './truth'
import type { ChargerWitness, WorldCharger } from './world-charger'

const firstSeenCapMinor = wholeUnits(riskDefaults.firstSeenCap, worldCurrency)
const stepUpCapMinor = wholeUnits(riskDefaults.firstSeenStepUpCap, worldCurrency)
const youngCapMinor = wholeUnits(riskDefaults.firstSeenYoungCap, worldCurrency)
const stepUpAboveMinor = wholeUnits(riskDefaults.stepUpAbove, worldCurrency)
const youngGrantS = 86_400
/** What the offer's stated life and a second of rounding allow. */
const offerLifeS = 300

export class Safety implements ChargerWitness {
  readonly #operator: OperatorId
  readonly #trace: Trace
  readonly #truth: Truth
  readonly #timeline: Timeline
  /** When each offer first stood on a screen, and in which life of its charger. */
  readonly #offers = new Map<string, { readonly atMs: number; readonly charger: string; isVoid: boolean }>()
  /** Chargers whose disk was put back to an earlier day: they may contradict themselves, and the cloud must notice. */
  readonly rolledBack = new Set<string>()
  /** Rules of fleets, and of grants that are good at one site. */
  readonly homes: HomeRules
  readonly #cards: CardRules
  /** What the issuer has told each of them. */
  readonly words = new ChargerWords()
  /** Chargers whose wall clock was ever wrong. */
  readonly unsureOfTime = new Set<string>()
  /** Sessions during which something failed at their charger: the bill may then fall short, never exceed. */
  readonly disturbed = new Set<string>()
  /** Chargers where something has failed since the last look: what they accept just then is disturbed as well. */
  readonly #justDisturbed = new Set<string>()

  constructor(operator: OperatorId, trace: Trace, truth: Truth, timeline: Timeline) {
    this.#operator = operator
    this.#trace = trace
    this.#truth = truth
    this.#timeline = timeline
    this.homes = new HomeRules(truth, this)
    this.#cards = new CardRules(truth, timeline, this)
    truth.onAccept = (accept, charger) => this.#checkAccept(accept, charger)
    truth.onFinal = (final, charger) => this.#checkFinal(final, charger)
  }

  offerShown(hash: string, charger: WorldCharger): void {
    if (!this.#offers.has(hash))
      this.#offers.set(hash, { atMs: this.#timeline.nowMs, charger: charger.id, isVoid: false })
  }

  /** Whether a charger has ever accepted a spend of this grant. */
  hasAccepted(chargerId: string, serial: string): boolean {
    return this.#truth.accepts.some(
      (accept) =>
        accept.chargerId === chargerId && this.#truth.consents.get(accept.sessionId)?.serial === serial,
    )
  }

  /** The charger at which an offer stood. */
  ownerOf(offerHash: string): string | undefined {
    return this.#offers.get(offerHash)?.charger
  }

  /** The power failed or the vehicle left: offers of that moment are void. */
  offersVoid(charger: WorldCharger): void {
    for (const offer of this.#offers.values()) if (offer.charger === charger.id) offer.isVoid = true
  }

  powerAsked(charger: WorldCharger, tag: string): void {
    if (!this.#isDurable(charger, tag))
      this.#trace.violate('no energy without a durable accept', `${charger.id} asked for ${short(tag)}`)
  }

  powerFlows(charger: WorldCharger, asked: string, registerWh: number): void {
    const tag = this.#sessionOf(charger, asked)
    if (!this.#isDurable(charger, tag))
      this.#trace.violate('no energy without a durable accept', `${charger.id} delivers to ${short(tag)}`)
    const flow = { tag, chargerId: charger.id, startWh: registerWh, stopWh: undefined }
    if (!this.#truth.flows.some((known) => known.tag === tag && known.chargerId === charger.id))
      this.#truth.flows.push(flow)
  }

  powerEnded(charger: WorldCharger, asked: string, registerWh: number): void {
    const tag = this.#sessionOf(charger, asked)
    const flow = this.#truth.flows.find((known) => known.tag === tag && known.chargerId === charger.id)
    if (flow !== undefined) flow.stopWh = registerWh
  }

  /** A charger names what it was asked for: the begin of a session's id, or the card at its reader. */
  #sessionOf(charger: WorldCharger, tag: string): string {
    const serial = this.#truth.cards.tokens.get(tag)
    if (serial === undefined) return tag
    this.#truth.lookAtCharger(charger)
    const { accepts, cards } = this.#truth
    const isItsOwn = ({ chargerId, sessionId }: TrueAccept): boolean =>
      chargerId === charger.id && cards.sessions.get(sessionId)?.serial === serial
    return accepts.findLast(isItsOwn)?.sessionId ?? tag
  }

  cut(charger: WorldCharger): void {
    this.#trace.note(`${charger.id} loses power in the middle of a write`)
    // Its offers are void when the world has looked at what this write has left.
    this.disturb(charger)
  }

  /** Everything of this moment has been looked at. */
  seen(charger: WorldCharger): void {
    this.#justDisturbed.delete(charger.id)
  }

  disturb(charger: WorldCharger): void {
    this.#justDisturbed.add(charger.id)
    for (const { sessionId, chargerId } of this.#truth.accepts) {
      if (chargerId === charger.id) this.disturbed.add(sessionId)
    }
  }

  #isDurable(charger: WorldCharger, tag: string): boolean {
    return [...charger.disk.rows('session').keys()].some((id) => id.startsWith(tag.toLowerCase()))
  }

  #checkAccept(accept: TrueAccept, charger: WorldCharger): void {
    const { sessionId } = accept
    if (this.#justDisturbed.has(charger.id)) this.disturbed.add(sessionId)
    const bearer = this.#truth.cards.sessions.get(sessionId)
    if (bearer !== undefined) {
      const isUnseen = this.#truth.cards.unseen.has(bearer.serial)
      if (isUnseen) this.offerShown(bearer.offerHash, charger)
      const faults = [...this.#cards.faults(accept, bearer, charger), ...this.#faultsOfOffer(accept, charger)]
      for (const fault of faults) this.#trace.violate(fault, `${charger.id} accepted ${short(sessionId)}`)
      return
    }
    const consent = this.#truth.consents.get(sessionId)
    if (consent === undefined) {
      this.#trace.violate('nothing is accepted without the wallet’s consent', short(sessionId))
      return
    }
    for (const fault of [
      ...this.homes.faults(accept, consent, charger),
      ...this.#faultsOfOffer(accept, charger),
      ...this.#faultsOfGrant(accept, consent, charger),
      ...this.#faultsOfChain(accept, consent, charger),
    ])
      this.#trace.violate(fault, `${charger.id} accepted ${short(sessionId)}`)
  }

  #faultsOfOffer({ offer, offerHash, sessionId, chargerId }: TrueAccept, charger: WorldCharger): string[] {
    const faults: string[] = []
    const twice = this.#truth.accepts.some(
      (other) => other.offerHash === offerHash && other.sessionId !== sessionId,
    )
    if (twice) faults.push('an offer is used once')
    const seen = this.#offers.get(offerHash)
    if (seen === undefined || seen.charger !== chargerId) faults.push('only its own live offer counts')
    else if (this.#timeline.nowMs - seen.atMs > offerLifeS * 1_000)
      faults.push('no expired offer is accepted')
    else if (seen.isVoid && !this.rolledBack.has(charger.id)) faults.push('no void offer is accepted')
    if (this.#truth.allowed(sessionId)?.offerHash !== offerHash) faults.push('consent names the offer')
    if (minorUnitExponent(offer.tariff.currency) === undefined) faults.push('the currency is sold')
    return faults
  }

  #faultsOfGrant({ offer }: TrueAccept, consent: Consented, charger: WorldCharger): string[] {
    const { grant, payload, serial } = consent
    const faults: string[] = []
    if (grant.operator !== this.#operator) faults.push('the grant is the operator’s')
    if (grant.currency !== offer.tariff.currency) faults.push('grant and offer have one currency')
    if (grant.sites.length > 0 && !grant.sites.some((site) => site === charger.site))
      faults.push('no grant outside its sites')
    if (payload.seq > grant.spendsMax) faults.push('a grant is spent so often and no more')
    if (payload.holdMinor > grant.sessionCapMinor) faults.push('no hold above the session cap')
    if (payload.holdMinor > offer.maximumHoldMinor) faults.push('no hold above the offer’s maximum')
    if (payload.grossMinor - payload.releasedMinor > grant.capMinor) faults.push('no grant above its cap')
    const { sessionId } = consent
    if (this.words.isRevoked(charger, serial)) faults.push('a revocation that is known counts')
    if (this.words.isVetoed(charger, sessionId, serial, this.#timeline.nowS))
      faults.push('a veto that is known counts')
    if (this.words.issuedAtS(charger) > grant.notAfterS)
      faults.push('no grant is accepted that had ended by the issuer’s last word')
    const isSure = !this.unsureOfTime.has(charger.id)
    if (isSure && this.#timeline.nowS > grant.notAfterS) faults.push('no expired grant is accepted')
    return faults
  }

  #faultsOfChain(accept: TrueAccept, consent: Consented, charger: WorldCharger): string[] {
    if (this.rolledBack.has(accept.chargerId)) return []
    const { payload, serial, grant } = consent
    const faults: string[] = []
    const before = this.#truth.accepts.filter(
      (other) =>
        other !== accept &&
        other.chargerId === accept.chargerId &&
        this.#truth.consents.get(other.sessionId)?.serial === serial,
    )
    const last = before.map((other) => this.#truth.consents.get(other.sessionId)?.payload).at(-1)
    if (last !== undefined) {
      if (payload.seq <= last.seq) faults.push('seq rises')
      if (payload.grossMinor < last.grossMinor + payload.holdMinor) faults.push('gross never falls')
      if (payload.releasedMinor < last.releasedMinor) faults.push('released never falls')
    }
    if (
      payload.holdMinor + this.unconfirmedMinor(accept, before) >
      this.#capHere(accept, consent, before, charger)
    )
      faults.push('the first-seen cap holds')
    const isLarge = grant.passkeyHash !== undefined && payload.holdMinor > stepUpAboveMinor
    if (isLarge && !this.#truth.confirmed.has(accept.sessionId)) faults.push('a large hold needs the passkey')
    return faults
  }

  /** Open holds and unconfirmed bills of earlier sessions of this grant at this charger. */
  unconfirmedMinor(accept: TrueAccept, before: readonly TrueAccept[]): number {
    let sum = 0
    for (const { sessionId } of before) {
      const final = this.#finalOf(sessionId, accept.chargerId)
      if (final === undefined) sum += this.#truth.consents.get(sessionId)?.payload.holdMinor ?? 0
      else if (!this.isConfirmed(final)) sum += final.totalMinor
    }
    return sum
  }

  #capHere(
    accept: TrueAccept,
    consent: Consented,
    before: readonly TrueAccept[],
    charger: WorldCharger,
  ): number {
    if (consent.grant.sites.length > 0 && charger.isAloneByCertificate) return Number.POSITIVE_INFINITY

    const isKnownHere = before.some(({ sessionId }) => {
      const final = this.#finalOf(sessionId, accept.chargerId)
      return final !== undefined && final.totalMinor > 0 && this.isConfirmed(final)
    })
    return isKnownHere && this.unconfirmedMinor(accept, before) === 0
      ? Number.POSITIVE_INFINITY
      : Math.max(this.#capOfStranger(accept, consent), this.#raisedFor(accept, consent))
  }

  #capOfStranger({ sessionId, chargerId }: TrueAccept, { grant }: Consented): number {
    if (grant.passkeyHash === undefined || !this.#truth.confirmed.has(sessionId)) return firstSeenCapMinor
    const isOld = this.#timeline.nowS - grant.notBeforeS >= youngGrantS
    return isOld || this.unsureOfTime.has(chargerId) ? stepUpCapMinor : youngCapMinor
  }

  /** The most that the issuer has let this charger hold for this grant. */
  #raisedFor({ chargerId }: TrueAccept, { serial }: Consented): number {
    const nowS = this.unsureOfTime.has(chargerId) ? 0 : this.#timeline.nowS
    return this.#truth.raises
      .filter((raise) => raise.serial === serial && raise.chargerId === chargerId && raise.notAfterS >= nowS)
      .reduce((most, { maximumMinor }) => Math.max(most, maximumMinor), 0)
  }

  #finalOf(sessionId: string, chargerId: string): TrueFinal | undefined {
    return this.#truth.finals.find(
      (final) => final.sessionId === sessionId && final.chargerId === chargerId && final.kind === 'receipt',
    )
  }

  /** Set by the world: whether an acknowledgement that the charger holds covers it. */
  isConfirmed: (place: Place) => boolean = () => false

  #checkFinal(final: TrueFinal, charger: WorldCharger): void {
    const { sessionId, receipt } = final
    const allowed = this.#truth.allowed(sessionId)
    const accepted = this.#truth.accepts.find(
      (one) => one.sessionId === sessionId && one.chargerId === charger.id,
    )
    const violate = (rule: string): void => this.#trace.violate(rule, `${charger.id} on ${short(sessionId)}`)
    if (allowed === undefined && receipt !== undefined) violate('a charger’s receipt is about a consent')
    const others = this.#truth.finals.filter(
      (other) =>
        other.sessionId === sessionId && other.chargerId === charger.id && other.epoch <= honestEpochsMax,
    )
    if (others.length > 1 && !this.rolledBack.has(charger.id)) violate('one last word for one session')
    if (receipt === undefined) {
      if (accepted !== undefined && !this.rolledBack.has(charger.id))
        violate('what was accepted is not declined')
      return
    }
    if (accepted === undefined || allowed === undefined) return violate('a receipt follows an accept')
    if (receipt.totalMinor > allowed.holdMinor) violate('nobody pays more than the hold')
    const owed = Math.min(naiveBill(accepted.offer.tariff, receipt), allowed.holdMinor)
    if (receipt.totalMinor !== owed) violate('the bill is what registers and tariff give')
    this.#checkEnergy(receipt, receipt.totalMinor === allowed.holdMinor, charger, violate)
  }

  #checkEnergy(
    receipt: Receipt,
    isCapped: boolean,
    charger: WorldCharger,
    violate: (rule: string) => void,
  ): void {
    // A copy that ends a session of its original has no meter that could know of it.
    if (charger.isCopy) return
    const billedWh = receipt.meterStopWh - receipt.meterStartWh
    const flow = this.#truth.flows.find(
      ({ tag, chargerId }) => chargerId === charger.id && receipt.sessionId.startsWith(tag.toLowerCase()),
    )
    const flowedWh = flow === undefined ? 0 : (flow.stopWh ?? charger.twin.registerWh) - flow.startWh
    if (billedWh > flowedWh) violate('nobody pays for energy that did not flow')
    if (billedWh < flowedWh && !isCapped && !this.disturbed.has(receipt.sessionId))
      violate('all energy is billed')
  }

  /** Rows that the charger keeps of sessions must not be gone before the issuer has them. */
  lookAtRows(charger: WorldCharger): void {
    if (this.rolledBack.has(charger.id) || charger.isDestroyed) return
    const sessions = charger.disk.rows('session')
    for (const { sessionId, chargerId } of this.#truth.accepts) {
      if (chargerId !== charger.id || sessions.has(sessionId)) continue
      const final = this.#finalOf(sessionId, chargerId)
      if (final === undefined || !this.isConfirmed(final))
        this.#trace.violate(
          'nothing is purged above the acknowledged index',
          `${charger.id} ${short(sessionId)}`,
        )
    }
  }
}

/** The whole tariff in one line of exact fractions, half up; idle time past the grace included. */
export function naiveBill(tariff: CompactTariff, receipt: Receipt): number {
  const energyWh = receipt.meterStopWh - receipt.meterStartWh
  if (energyWh === 0) return 0
  const idleS = Math.max(0, receipt.idleS - tariff.idleGraceMinutes * 60)
  const exact =
    BigInt(tariff.energyPerKwh) * BigInt(energyWh) * 60n +
    BigInt(tariff.timePerMinute) * BigInt(receipt.chargingS) * 1_000n +
    BigInt(tariff.idlePerMinute) * BigInt(idleS) * 1_000n +
    BigInt(tariff.perSession) * 60_000n
  const scale = 10n ** BigInt(minorUnitExponent(tariff.currency) ?? 0)
  const denominator = 10_000n * 60_000n
  return Number((2n * exact * scale + denominator) / (2n * denominator))
}

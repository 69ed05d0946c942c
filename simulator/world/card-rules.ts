/** The naive rules of cards at a charger: a card signs nothing, so whoever takes one answers for all of them. */

import { riskDefaults, wholeUnits } from '@/lib/policy/defaults'
import type { TrueBearer } from './card-truth'
import type { ChargerWords } from './charger-words'
import { worldCurrency } from './place'
import type { Timeline } from './timeline'
import type { TrueAccept, Truth } from './truth'
import type { WorldCharger } from './world-charger'

const firstSeenCapMinor = wholeUnits(riskDefaults.firstSeenCap, worldCurrency)

/** Chargers about which some rules can say nothing. */
interface Excused {
  readonly rolledBack: ReadonlySet<string>
  readonly unsureOfTime: ReadonlySet<string>
  readonly words: ChargerWords
}

export class CardRules {
  constructor(
    private readonly truth: Truth,
    private readonly timeline: Timeline,
    private readonly excused: Excused,
  ) {}

  faults(accept: TrueAccept, bearer: TrueBearer, charger: WorldCharger): readonly string[] {
    const card = this.truth.cards.cardOf(bearer)
    if (card === undefined) return ['no card is accepted that nobody issued']
    const { sites, notAfterS, capMinor, currency } = card.payload
    const faults: string[] = []
    if (!sites.some((site) => site === charger.site)) faults.push('no card beyond its sites')
    if (!charger.isAloneByCertificate) faults.push('a card needs the book of its site')
    if (currency !== accept.offer.tariff.currency) faults.push('card and offer have one currency')
    if (bearer.holdMinor > firstSeenCapMinor) faults.push('no card holds more than a stranger')
    if (bearer.holdMinor > accept.offer.maximumHoldMinor) faults.push('no hold above the offer’s maximum')
    const isSure = !this.excused.unsureOfTime.has(charger.id)
    if (isSure && this.timeline.nowS > notAfterS) faults.push('no expired card is accepted')
    if (this.excused.words.isRevoked(charger, card.serial)) faults.push('a revocation that is known counts')
    const { sessionId } = accept
    if (this.excused.words.isVetoed(charger, sessionId, card.serial, this.timeline.nowS))
      faults.push('a veto that is known counts')
    const isForgetful = this.excused.rolledBack.has(charger.id)
    if (!isForgetful && this.#spentBeforeMinor(accept, card.serial) + bearer.holdMinor > capMinor)
      faults.push('a charger gives no card more than its credit')
    return faults
  }

  /** Open holds and bills of earlier sessions of this card at this charger. */
  #spentBeforeMinor({ sessionId: own, chargerId }: TrueAccept, serial: string): number {
    const { accepts, finals, cards } = this.truth
    let sumMinor = 0
    for (const { sessionId } of accepts.filter((other) => other.chargerId === chargerId)) {
      const earlier = cards.sessions.get(sessionId)
      if (sessionId === own || earlier?.serial !== serial) continue
      const ended = finals.find((final) => final.sessionId === sessionId && final.chargerId === chargerId)
      sumMinor += ended?.totalMinor ?? earlier.holdMinor
    }
    return sumMinor
  }
}

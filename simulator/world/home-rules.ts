/** The naive rules of grants with a home: a fleet's limits for a day, and one book for all spends at a site. */

import type { Consented, TrueAccept, Truth } from './truth'
import type { WorldCharger } from './world-charger'

const dayS = 86_400

/** Chargers about which some rules can say nothing. */
interface Excused {
  readonly rolledBack: ReadonlySet<string>
  readonly unsureOfTime: ReadonlySet<string>
}

export class HomeRules {
  readonly #truth: Truth
  readonly #excused: Excused

  constructor(truth: Truth, excused: Excused) {
    this.#truth = truth
    this.#excused = excused
  }

  faults(accept: TrueAccept, consent: Consented, charger: WorldCharger): readonly string[] {
    if (this.#excused.rolledBack.has(charger.id)) return []
    const faults: string[] = []
    if (this.#isOverDailyLimit(accept, consent)) faults.push('a fleet’s day has a limit')
    if (this.#isForkedAtHome(accept, consent, charger))
      faults.push('a fork that a site knows freezes the grant there')
    return faults
  }

  /** Held and billed on one day at one charger, by its own right clock. */
  #isOverDailyLimit({ chargerId }: TrueAccept, { serial, grant, payload }: Consented): boolean {
    const limit = grant.fleetRules?.dailyLimitMinor ?? 0
    if (limit === 0 || this.#excused.unsureOfTime.has(chargerId)) return false
    const today = Math.floor(payload.timeS / dayS)
    const { accepts, consents, finals } = this.#truth
    const usedMinor = accepts
      .filter((one) => one.chargerId === chargerId)
      .flatMap(({ sessionId, offer }) => {
        const consent = consents.get(sessionId)
        const isToday = Math.floor(offer.timeS / dayS) === today
        if (consent?.serial !== serial || !isToday) return []
        const ended = finals.find((final) => final.sessionId === sessionId && final.chargerId === chargerId)
        return [ended?.totalMinor ?? consent.payload.holdMinor]
      })
      .reduce((sum, one) => sum + one, 0)
    return usedMinor > limit
  }

  /** Two spends in one place of the chain, both written down by the site's only charger before this one. */
  #isForkedAtHome(accept: TrueAccept, { serial, grant }: Consented, charger: WorldCharger): boolean {
    if (grant.sites.length === 0 || !charger.isAloneByCertificate) return false
    const { accepts, finals, consents } = this.#truth
    const seen = [...accepts, ...finals.filter(({ kind }) => kind === 'decline')].filter(
      (one) => one.chargerId === charger.id && one.sessionId !== accept.sessionId,
    )
    const bySeq = new Map<number, string>()
    for (const { sessionId } of seen) {
      const consent = consents.get(sessionId)
      if (consent?.serial !== serial) continue
      const other = bySeq.get(consent.payload.seq)
      if (other !== undefined && other !== sessionId) return true
      bySeq.set(consent.payload.seq, sessionId)
    }
    return false
  }
}

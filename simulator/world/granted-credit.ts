/**
 * Credit is granted once: at every grant, whatever its owner has paid in less what chargers have truly billed or still
 * hold must cover all caps that could be spent. Looked at from the truth, not from the books: a renewal that frees an
 * open hold, or frees it twice, grants more than there is.
 */

import { parseMessage } from '@/lib/protocol/message'
import { grant as grantMessage } from '@/lib/protocol/messages/grant'
import type { Bytes } from '@/lib/core/bytes'
import { short, type Trace } from './trace'
import type { Truth } from './truth'

interface Granted {
  readonly owner: string
  readonly capMinor: number
  isClosed: boolean
}

export class GrantedCredit {
  readonly #trace: Trace
  readonly #truth: Truth
  readonly #grants = new Map<string, Granted>()

  constructor(trace: Trace, truth: Truth) {
    this.#trace = trace
    this.#truth = truth
  }

  /** The one that the next grant of its owner follows, with what it holds for sessions that still run. */
  closed(serial: string): number {
    const grant = this.#grants.get(serial)
    if (grant !== undefined) grant.isClosed = true
    return this.#usedUnder(serial).openMinor
  }

  /** The serial, where the cloud has not signed this grant before. @param isHonest the owner's phones keep the rules. */
  granted(bytes: Bytes, owner: string, isHonest: boolean): string | undefined {
    const parsed = parseMessage(grantMessage, bytes)
    if (!parsed.ok) throw new Error('The cloud signs well-formed grants')
    const { serial, capMinor } = parsed.value.payload
    if (this.#grants.has(serial)) return undefined
    this.#grants.set(serial, { owner, capMinor, isClosed: false })
    this.#truth.owners.set(serial, owner)
    if (isHonest) this.#check(owner, serial)
    return serial
  }

  #check(owner: string, serial: string): void {
    let neededMinor = this.#truth.cards.promisedBy(owner)
    for (const [other, grant] of this.#grants) {
      if (grant.owner !== owner) continue
      const { openMinor, billedMinor } = this.#usedUnder(other)
      const usedMinor = openMinor + billedMinor
      neededMinor += grant.isClosed ? usedMinor : Math.max(grant.capMinor, usedMinor)
    }
    const paidInMinor = this.#truth.paidIn.get(owner) ?? 0
    if (neededMinor > paidInMinor)
      this.#trace.violate('no credit is granted twice', `${short(serial)}: ${neededMinor} of ${paidInMinor}`)
  }

  #usedUnder(serial: string): { readonly openMinor: number; readonly billedMinor: number } {
    let openMinor = 0
    let billedMinor = 0
    const { consents, accepts, finals } = this.#truth
    for (const { sessionId } of accepts) {
      const consent = consents.get(sessionId)
      if (consent?.serial !== serial) continue
      const bills = finals.filter((final) => final.sessionId === sessionId && final.kind === 'receipt')
      if (bills.length === 0) openMinor += consent.payload.holdMinor
      else billedMinor += Math.min(...bills.map(({ totalMinor }) => totalMinor))
    }
    return { openMinor, billedMinor }
  }
}

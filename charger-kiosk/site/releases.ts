/**
 * What became of the spends that were entered here: a receipt, or a signed decline. With that and the offer, which names
 * this charger, anybody at the site can see what of a hold is free again.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { MessageHash, PublicKey } from '@/lib/core/ids'
import type { Verify } from '@/lib/crypto/signature'
import { parseMessage } from '@/lib/protocol/message'
import { authorization } from '@/lib/protocol/messages/authorization'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { verifySpendProof, type ProvenSpend } from '@/lib/sync/spend-proof'
import type { Books } from '../controller/books'
import type { OfferBook } from '../session/offer-book'

export interface ReleaseParts {
  readonly books: Books
  readonly offers: () => OfferBook
  /** The certificate that vouched for a key of this charger. */
  readonly certificateOf: (key: PublicKey | undefined) => Bytes | undefined
  readonly trust: () => TrustList
  readonly verify: Verify
}

interface OpenSpend {
  readonly spend: ProvenSpend
  readonly offer: Bytes
  readonly certificate: Bytes
}

/** Sessions that run at one controller, and declines under way; what is beyond is released by its receipt alone. */
const openMax = 256

export class Releases {
  readonly #parts: ReleaseParts
  readonly #open = new Map<MessageHash, OpenSpend>()

  constructor(parts: ReleaseParts) {
    this.#parts = parts
  }

  /** After a start: sessions say themselves which offer they came of. */
  resume(spends: readonly ProvenSpend[]): void {
    for (const spend of spends) {
      if (spend.billedMinor !== undefined) continue
      const session = this.#parts.books.session(spend.hash)
      const certificate = session && this.#parts.certificateOf(session.key)
      if (session !== undefined && certificate !== undefined)
        this.#add({ spend, offer: session.offer as Bytes, certificate })
    }
  }

  entered(spend: ProvenSpend): void {
    const signed = parseMessage(authorization, spend.proof.authorization)
    if (!signed.ok) return
    const { offerHash } = signed.value.payload
    const offer = this.#parts.offers().find(({ hash }) => hash === offerHash)
    // Declined because the offer is forgotten: nobody can show whose it was.
    if (offer !== undefined) this.#add({ spend, offer: offer.bytes, certificate: offer.certificate })
  }

  /** Those that are over now; each is told once. */
  take(): readonly ProvenSpend[] {
    const over: ProvenSpend[] = []
    for (const [hash, { spend, offer, certificate }] of this.#open) {
      const known = this.#parts.books.knownAnswer(hash)
      if (known === undefined || (known.what === 'answer' && known.accepted)) continue
      this.#open.delete(hash)
      const proof = { ...spend.proof, release: { certificate, offer, verdict: known.bytes } }
      const proven = verifySpendProof(proof, this.#parts.trust(), this.#parts.verify)
      if (proven.ok) over.push(proven.value)
    }
    return over
  }

  #add(open: OpenSpend): void {
    this.#open.set(open.spend.hash, open)
    const [oldest] = this.#open.keys()
    if (this.#open.size > openMax && oldest !== undefined) this.#open.delete(oldest)
  }
}

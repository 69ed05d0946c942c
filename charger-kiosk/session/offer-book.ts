/**
 * The offers that this run of the controller made, and what became of each. In memory alone: a restart voids them all.
 * An older offer stays good until it expires, so that a driver who scanned a moment before the code was renewed is
 * not refused.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { MessageHash, Nonce, PublicKey } from '@/lib/core/ids'
import type { Offer } from '@/lib/protocol/messages/offer'
import type { Policy } from '@/lib/protocol/messages/policy'

export interface KnownOffer {
  readonly hash: MessageHash
  readonly bytes: Bytes
  readonly payload: Offer
  /** The policy that it was made under; its limits hold for whoever takes the offer. */
  readonly policy: Policy
  /** Shown beside it. */
  readonly certificate: Bytes
  /** The certificate's: it signed the offer, and signs everything that comes of it. */
  readonly key: PublicKey
  /** On the monotonic timer. */
  readonly expiresAtMs: number
  /** `void`: the vehicle was unplugged, or the connector closed. */
  readonly state: 'open' | 'used' | 'void'
}

/** Newest last. */
export type OfferBook = readonly KnownOffer[]

/** An offer is renewed about every three minutes while a vehicle is plugged in; this is several hours of them. */
const offersKeptMax = 128

export const emptyOfferBook: OfferBook = []

export const withOffer = (book: OfferBook, offer: KnownOffer): OfferBook => [
  ...book.slice(-(offersKeptMax - 1)),
  offer,
]

/** Marks the open offers of a connector: `used` by an accept, which uses up all of them, or `void`. */
export const retireOffers = (book: OfferBook, connectorId: number, state: 'used' | 'void'): OfferBook =>
  book.map((offer) =>
    offer.payload.connectorId === connectorId && offer.state === 'open' ? { ...offer, state } : offer,
  )

export type OfferStanding =
  { readonly kind: 'live'; readonly offer: KnownOffer } | { readonly kind: 'used' | 'expired' | 'unknown' }

export function offerStanding(book: OfferBook, hash: MessageHash, nowMs: number): OfferStanding {
  const offer = book.find((candidate) => candidate.hash === hash)
  if (offer === undefined) return { kind: 'unknown' }
  if (offer.state === 'used') return { kind: 'used' }
  return offer.state === 'void' || nowMs >= offer.expiresAtMs ? { kind: 'expired' } : { kind: 'live', offer }
}

/** Whether this nonce was drawn for an offer that is still good: what carries it was made after the offer was. */
export const isLiveNonce = (book: OfferBook, nonce: Nonce, nowMs: number): boolean =>
  book.some(
    ({ payload, state, expiresAtMs }) => payload.nonce === nonce && state === 'open' && nowMs < expiresAtMs,
  )

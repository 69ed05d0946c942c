/**
 * What a charger and its site's gateway tell each other about the site itself: spends that wallets and issuers signed, what
 * came of them, and the issuer's news. `site` tells and watches: each side says what it knows, and the gateway holds the
 * question open until there is something new. `reserve` enters one spend before energy flows. All of it may be repeated.
 */

import { limits } from '@/lib/core/limits'
import { encodeCbor } from '@/lib/protocol/cbor'
import { at, boolean, bytesUpTo, choice, hexBytes, list, optional, struct, uint } from '@/lib/protocol/fields'
import type { PayloadOf } from '@/lib/protocol/fields'
import { decodeNewsItem, encodeNewsItem, type NewsItem } from '@/lib/protocol/news-item'
import { spendProofField, type SpendProof } from '@/lib/sync/spend-proof'
import { wire } from './gateway-messages'

/** Longest that the gateway holds a charger's watch open. */
export const siteWaitMsMax = 25_000

const runField = hexBytes(8, (text) => text)
const spendsField = list(spendProofField, limits.siteEntriesPerCallMax)
const newsField = list(bytesUpTo(limits.messageBytesMax), limits.siteEntriesPerCallMax)

const siteCallWire = struct({
  /** The run of the gateway that the charger has heard of; with another one it begins anew. */
  run: optional(1, runField),
  /** How far it has read in that run. Absent: it only tells. */
  since: optional(2, uint(Number.MAX_SAFE_INTEGER)),
  spends: at(3, spendsField),
  /** As phones carry them: `[kind, message]`. */
  news: at(4, newsField),
  /** With this call the charger has told this run everything that it knows. */
  isAll: at(5, boolean),
  waitMs: optional(6, uint(siteWaitMsMax)),
})

const siteReplyWire = struct({
  /** Drawn when the gateway starts: its cursors, and what it was taught, live as long. */
  run: at(1, runField),
  upTo: at(2, uint(Number.MAX_SAFE_INTEGER)),
  isMore: at(3, boolean),
  spends: at(4, spendsField),
  news: at(5, newsField),
  /** Whether every charger of the site has told this run what it knows, so that reserves can be held. */
  isWhole: at(6, boolean),
})

export const reserveStandings = ['held', 'frozen', 'absent'] as const
/**
 * Why a spend is entered and not held: chargers have not told everything yet; the wallet claims to have got back what the
 * site knows nothing of; the grant is not of this site; there is no room; nobody vouches for it.
 */
export const reserveCauses = ['chargers', 'claim', 'site', 'room', 'proof'] as const
export type ReserveCause = (typeof reserveCauses)[number]

const reserveReplyWire = struct({
  standing: at(1, choice(reserveStandings)),
  cause: optional(2, choice(reserveCauses)),
})

export type SiteCall = PayloadOf<typeof siteCallWire>
export type SiteReply = PayloadOf<typeof siteReplyWire>
export type ReserveReply = PayloadOf<typeof reserveReplyWire>

/** Beside spends and news there are only numbers. */
export const siteMessageBytesMax = limits.siteCallBytesMax + 1_024
export const reserveBytesMax = 2 * limits.messageBytesMax + 256

export const siteCallMessage = wire(siteCallWire, 'site-call', siteMessageBytesMax)
export const siteReplyMessage = wire(siteReplyWire, 'site-reply', siteMessageBytesMax)
export const reserveMessage = wire(spendProofField, 'reserve', reserveBytesMax)
export const reserveReplyMessage = wire(reserveReplyWire, 'reserve-reply', 256)

export const spendProofSize = (proof: SpendProof): number => encodeCbor(spendProofField.encode(proof)).length

/** What of these fits one call, in their order, and the rest. */
export function firstFitting<T>(
  items: readonly T[],
  sizeOf: (item: T) => number,
  bytesMax: number = limits.siteCallBytesMax,
): { readonly taken: readonly T[]; readonly bytes: number } {
  const taken: T[] = []
  let bytes = 0
  for (const item of items) {
    const size = sizeOf(item)
    if (taken.length >= limits.siteEntriesPerCallMax || bytes + size > bytesMax) break
    bytes += size
    taken.push(item)
  }
  return { taken, bytes }
}

export const newsToWire = (items: readonly NewsItem[]) => items.map(encodeNewsItem)

/** Pieces that nobody can read are left out: a newer program may say more than this one knows. */
export const newsFromWire = (pieces: readonly Uint8Array[]): readonly NewsItem[] =>
  pieces.flatMap((piece) => {
    const item = decodeNewsItem(piece)
    return item.ok ? [item.value] : []
  })

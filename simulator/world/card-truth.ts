/** Cards, printed or listed, as they truly were: what was sold, lost and copied, and every session that a charger began for one. */

import { parseMessage } from '@/lib/protocol/message'
import { bearerRecord } from '@/lib/protocol/messages/bearer-record'
import { voucher, type Voucher } from '@/lib/protocol/messages/voucher'
import type { Bytes } from '@/lib/core/bytes'

export interface TrueCard {
  readonly serial: string
  readonly hash: string
  readonly bytes: Bytes
  readonly payload: Voucher
  /** Whose credit stands behind it, as an account in the books. */
  readonly owner: string
  /** When the operator had it blocked; undefined while nobody has lost it. */
  lostAtS: number | undefined
}

/** What a charger wrote down when it took a card. */
export interface TrueBearer {
  readonly sessionId: string
  readonly serial: string
  /** Of the card that the record names: somebody else may have printed one with the same serial. */
  readonly voucherHash: string
  readonly holdMinor: number
  readonly timeS: number
  readonly offerHash: string
  /** Why nothing of it is owed: only a stolen key says such a thing. */
  readonly doubt: 'card-site' | 'card-expired' | 'currency' | undefined
}

export class CardTruth {
  /** By serial. */
  readonly sold = new Map<string, TrueCard>()
  readonly sessions = new Map<string, TrueBearer>()
  /** Chargers in whose name a stolen key sold to cards that nobody issued, and was heard. */
  readonly inventors = new Set<string>()
  /** What a reader reads of a listed card, and the card's serial. */
  readonly tokens = new Map<string, string>()
  /** Cards that a charger let in by its own list while nobody was there: no offer stood on any screen. */
  readonly unseen = new Set<string>()

  sell(bytes: Bytes, owner: string): TrueCard {
    const parsed = parseMessage(voucher, bytes)
    if (!parsed.ok) throw new Error('The cloud prints well-formed cards')
    const { hash, payload } = parsed.value
    const card = { serial: payload.serial, hash, bytes, payload, owner, lostAtS: undefined }
    this.sold.set(payload.serial, card)
    return card
  }

  /** Reads a charger's own record of a card. */
  begun(
    recordBytes: Uint8Array,
    voucherBytes: Uint8Array,
    offerHash: string,
    doubt?: TrueBearer['doubt'],
  ): TrueBearer {
    const record = parseMessage(bearerRecord, recordBytes)
    const card = parseMessage(voucher, voucherBytes)
    if (!record.ok || !card.ok) throw new Error('A journal holds messages of ours')
    const { holdMinor, timeS, voucherHash } = record.value.payload
    const { serial } = card.value.payload
    const sessionId = record.value.hash
    const session = { sessionId, serial, voucherHash, holdMinor, timeS, offerHash, doubt }
    if (!this.sessions.has(sessionId)) this.sessions.set(sessionId, session)
    return session
  }

  /** The card that was shown, if it is one of ours. */
  cardOf({ serial, voucherHash }: TrueBearer): TrueCard | undefined {
    const card = this.sold.get(serial)
    return card?.hash === voucherHash ? card : undefined
  }

  /** What all cards of an owner may cost it. */
  promisedBy(owner: string): number {
    let sumMinor = 0
    for (const card of this.sold.values()) if (card.owner === owner) sumMinor += card.payload.capMinor
    return sumMinor
  }
}

/**
 * Who allowed a session, and up to what: a wallet's authorization under its grant, or, for whoever cannot sign, the
 * charger's own record of a card that the issuer signed (PROTOCOL.md, rules of money 1 and 13). Pure.
 */

import type { ChargerId, GrantSerial, MessageHash, SessionId } from '@/lib/core/ids'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { minorUnits, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import type { BearerEvidence, Consent, Evidence } from './evidence'

/** A card or token as the books know it. */
export interface KnownCard {
  readonly serial: GrantSerial
  /** By which a charger's own record names it. */
  readonly hash: MessageHash
  readonly bearer: 'printed' | 'rfid'
  readonly currency: string
  readonly capMinor: number
  readonly sites: readonly string[]
  readonly notAfterS: number
  /** When somebody had it blocked; not when it was put on the list because it was used up. */
  readonly revokedAtS: number | undefined
}
/** Why a card was put on the list that chargers carry without anybody asking for it. */
export const spentUp = 'spent'

/** By hash. */
export type KnownCards = ReadonlyMap<MessageHash, KnownCard>

export interface Mandate {
  readonly sessionId: SessionId
  readonly hash: MessageHash
  readonly serial: GrantSerial
  readonly currency: string
  readonly holdMinor: MinorUnits
  readonly atS: EpochSeconds
  readonly by: WalletMandate | CardMandate
}

export interface WalletMandate {
  readonly kind: 'wallet'
  readonly consent: Consent
}
export interface CardMandate {
  readonly kind: 'card'
  readonly card: KnownCard
  /**
   * Who signed the record; nobody else can say anything about the session. Several where one charger copied another's
   * record: nothing in it says whose it was.
   */
  readonly chargerIds: readonly ChargerId[]
  /** One record with two prices, or of two chargers: none of them binds anybody. */
  readonly isContested: boolean
  readonly faults: readonly CardFault[]
}

/** What an honest charger never accepts: nothing of it is owed for sure. */
export const cardFaults = {
  'card-expired': 'voucher.expired',
  'card-site': 'voucher.site',
} as const satisfies Record<string, ReasonCode>
export type CardFault = keyof typeof cardFaults

const noCards: KnownCards = new Map()

/** Undefined where nobody is known to have allowed anything: then nothing may be posted, whatever chargers say. */
export function mandateOf(evidence: readonly Evidence[], cards = noCards): Mandate | undefined {
  const consent = evidence.find((piece): piece is Consent => piece.kind === 'consent')
  if (consent !== undefined) return byWallet(consent)
  const records = evidence.filter((piece): piece is BearerEvidence => piece.kind === 'bearer')
  const [record] = records
  const card = record === undefined ? undefined : cards.get(record.record.voucherHash)
  return record === undefined || card === undefined ? undefined : byCard(record, records, card)
}

function byWallet(consent: Consent): Mandate {
  const { sessionId, hash, authorization, grant } = consent
  return {
    sessionId,
    hash,
    serial: grant.serial,
    currency: grant.currency,
    holdMinor: authorization.holdMinor,
    atS: authorization.timeS,
    by: { kind: 'wallet', consent },
  }
}

function byCard(
  { sessionId, hash, record }: BearerEvidence,
  records: readonly BearerEvidence[],
  card: KnownCard,
): Mandate {
  const faults: CardFault[] = []
  if (record.timeS > card.notAfterS) faults.push('card-expired')
  if (records.some(({ siteId }) => !card.sites.includes(siteId))) faults.push('card-site')
  const chargerIds = [...new Set(records.map((one) => one.chargerId))]
  const isContested = chargerIds.length > 1 || new Set(records.map(({ offerHash }) => offerHash)).size > 1
  return {
    ...{ sessionId, hash, serial: card.serial, currency: card.currency, atS: record.timeS },
    // The record is the charger's own word: it cannot promise itself more than the card has.
    holdMinor: minorUnits(Math.min(record.holdMinor, card.capMinor)),
    by: { kind: 'card', card, chargerIds, isContested, faults },
  }
}

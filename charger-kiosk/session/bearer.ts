/**
 * May this bearer start a session? A printed card or an RFID token cannot sign (rules of money 13), so it never roams:
 * it is good only where one book holds everything that it spent, up to its own cap and the cap for strangers. Pure.
 * Where the issuer's signed voucher comes from is the caller's business: a code that the camera read, or the token
 * whose number a reader gave.
 */

import type { SessionId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits, type MinorUnits } from '@/lib/core/units'
import type { ParsedMessage, VerifiedMessage } from '@/lib/protocol/message'
import type { BearerRecord } from '@/lib/protocol/messages/bearer-record'
import type { Voucher } from '@/lib/protocol/messages/voucher'
import { verifyByIssuer } from '@/lib/protocol/trust'
import type { AcceptanceFacts } from './acceptance'
import type { KnownOffer } from './offer-book'

export interface BearerFacts extends Pick<
  AcceptanceFacts,
  'operator' | 'siteId' | 'time' | 'trust' | 'verify' | 'isRevoked' | 'isVetoed' | 'hindrance' | 'siteReserve'
> {
  /** The offer that stands at the connector where the bearer was shown. */
  readonly offer: KnownOffer
  /** Holds of running sessions and bills of ended ones, of this bearer at this site. */
  readonly spentMinor: number
}

export interface JudgedBearer {
  readonly voucher: VerifiedMessage<Voucher>
  readonly holdMinor: MinorUnits
}

/** With the charger's own signed record, whose hash is the session's id. */
export interface AcceptedBearer {
  readonly sessionId: SessionId
  readonly offer: KnownOffer
  readonly record: VerifiedMessage<BearerRecord>
  readonly voucher: VerifiedMessage<Voucher>
}

/** In the order of the checks of an authorization, as far as a bearer has what they check. */
export function judgeBearer(
  voucher: ParsedMessage<Voucher>,
  facts: BearerFacts,
): Result<JudgedBearer, Refusal> {
  const { trust, verify, offer } = facts
  const issued = verifyByIssuer(voucher, trust, voucher.payload.notBeforeS, verify)
  if (issued === undefined) return err(refusal('voucher.signature'))
  const { payload } = issued
  const fault = scopeFault(payload, facts)
  if (fault !== undefined) return err(refusal(fault))
  const leftMinor = Math.max(0, payload.capMinor - facts.spentMinor)
  const holdMinor = minorUnits(
    Math.min(leftMinor, offer.policy.firstSeenCapMinor, offer.payload.maximumHoldMinor),
  )
  if (holdMinor === 0) return err(refusal('voucher.spent'))
  const hindrance = facts.hindrance(offer.payload.connectorId)
  return hindrance === undefined ? ok({ voucher: issued, holdMinor }) : err(refusal(hindrance))
}

/** A phone that is a little ahead of a right clock is not turned away, and a card neither. */
const startToleranceS = 300

function scopeFault(voucher: Voucher, facts: BearerFacts): ReasonCode | undefined {
  const { time, offer } = facts
  if (voucher.operator !== facts.operator) return 'grant.operator'
  if (voucher.currency !== offer.payload.tariff.currency) return 'grant.currency'
  // Nothing but its dates ends a lost card, so without the time it is not taken.
  if (time.quality === 'unknown') return 'hold.clock'
  if (time.nowS > voucher.notAfterS || time.nowS + startToleranceS < voucher.notBeforeS)
    return 'voucher.expired'
  if (!voucher.sites.includes(facts.siteId)) return 'voucher.site'
  if (facts.isRevoked(voucher.serial)) return 'voucher.revoked'
  if (facts.isVetoed(undefined, voucher.serial)) return 'permit.vetoed'
  const standing = facts.siteReserve(voucher.serial)
  if (standing === 'frozen') return 'grant.frozen'
  return standing === 'absent' ? 'hold.site-reserve' : undefined
}

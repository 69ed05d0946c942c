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
import type { ClassTerms } from '@/lib/policy/class-limits'
import type { RuleFailure } from '@/lib/policy/rules'
import type { ParsedMessage, VerifiedMessage } from '@/lib/protocol/message'
import type { BearerRecord } from '@/lib/protocol/messages/bearer-record'
import type { Voucher } from '@/lib/protocol/messages/voucher'
import { verifyByIssuer } from '@/lib/protocol/trust'
import type { AcceptanceFacts } from './acceptance'
import type { KnownOffer } from './offer-book'
import { askRules } from './rule-check'

export interface BearerFacts extends Pick<
  AcceptanceFacts,
  | 'operator'
  | 'siteId'
  | 'time'
  | 'trust'
  | 'verify'
  | 'isRevoked'
  | 'isVetoed'
  | 'hindrance'
  | 'siteReserve'
  | 'ruleFacts'
> {
  /** The offer that stands at the connector where the bearer was shown. */
  readonly offer: KnownOffer
  /** Holds of running sessions and bills of ended ones, of this bearer at this site. */
  readonly spentMinor: number
  /** What whoever listed it lets it spend in one session; undefined: no less than anybody. */
  readonly sessionCapMinor?: MinorUnits | undefined
}

export interface JudgedBearer {
  readonly voucher: VerifiedMessage<Voucher>
  readonly holdMinor: MinorUnits
  /** By the policy's rules; absent where they were not asked: what became known late happened already. */
  readonly terms?: ClassTerms
  readonly ruleFailures?: readonly RuleFailure[]
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
  const holdMinor = holdOf(payload, facts)
  if (holdMinor === 0) return err(refusal('voucher.spent'))
  const hindrance = facts.hindrance(offer.payload.connectorId)
  return hindrance === undefined ? byRules(issued, holdMinor, facts) : err(refusal(hindrance))
}

/** Nobody asked for this much: what a rule allows at most is held instead. */
function byRules(
  voucher: VerifiedMessage<Voucher>,
  mostMinor: MinorUnits,
  { offer, time, ruleFacts }: BearerFacts,
): Result<JudgedBearer, Refusal> {
  const charger = ruleFacts(offer.payload.connectorId)
  const ask = (holdMinor: MinorUnits) =>
    askRules({ offer, grant: undefined, holdMinor, stepUp: false, time, charger })
  const holdMinor = minorUnits(Math.min(mostMinor, ask(mostMinor).holdMaxMinor ?? mostMinor))
  const { refusal: refused, terms, failures } = ask(holdMinor)
  if (refused !== undefined || holdMinor === 0) return err(refused ?? refusal('voucher.spent'))
  return ok({ voucher, holdMinor, terms, ruleFailures: failures })
}

export interface LateBearer extends JudgedBearer {
  /** Why it would not have been let in; what was delivered is recorded all the same. */
  readonly misfit: ReasonCode | undefined
}

/**
 * A bearer that a charger let in by itself while nobody was there: energy has flowed, so it is written down for what the
 * card has left, be that nothing, and whoever settles it sees what was wrong. Undefined where no issuer signed the card.
 */
export function judgeLateBearer(voucher: ParsedMessage<Voucher>, facts: BearerFacts): LateBearer | undefined {
  const issued = verifyByIssuer(voucher, facts.trust, voucher.payload.notBeforeS, facts.verify)
  if (issued === undefined) return undefined
  const holdMinor = holdOf(issued.payload, facts)
  const misfit = scopeFault(issued.payload, facts) ?? (holdMinor === 0 ? 'voucher.spent' : undefined)
  return { voucher: issued, holdMinor, misfit }
}

const holdOf = ({ capMinor }: Voucher, { offer, spentMinor, sessionCapMinor }: BearerFacts): MinorUnits =>
  minorUnits(
    Math.min(
      Math.max(0, capMinor - spentMinor),
      offer.policy.firstSeenCapMinor,
      offer.payload.maximumHoldMinor,
      sessionCapMinor ?? Number.MAX_SAFE_INTEGER,
    ),
  )

/** A phone that is a little ahead of a right clock is not turned away, and a card neither. */
const startToleranceS = 300

const scopeFault = (voucher: Voucher, facts: BearerFacts): ReasonCode | undefined =>
  voucher.currency === facts.offer.payload.tariff.currency ? standingFault(voucher, facts) : 'grant.currency'

/** What is wrong with a bearer wherever it is shown at this site, seen without an offer; its credit apart. */
export function standingFault(
  voucher: Voucher,
  facts: Pick<BearerFacts, 'operator' | 'siteId' | 'time' | 'isRevoked' | 'isVetoed' | 'siteReserve'>,
): ReasonCode | undefined {
  const { time } = facts
  if (voucher.operator !== facts.operator) return 'grant.operator'
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

/**
 * May this authorization start a session? The checks in the order that the protocol fixes, each with its own reason
 * code. Pure: everything that the charger knows comes in as facts, and what it would have to write comes out. One file of
 * a little over 300 lines, because the order of the checks is what matters and must be read at one glance.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { GrantSerial, MessageHash, OperatorId, SessionId, SiteId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits, type MinorUnits } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import type { ClassTerms } from '@/lib/policy/class-limits'
import { bindingHoldLimit, holdLimits, type HoldQuestion } from '@/lib/policy/hold-limits'
import type { ChargerFacts } from '@/lib/policy/rule-facts'
import type { RuleFailure } from '@/lib/policy/rules'
import type { Envelope } from '@/lib/protocol/envelope'
import { parseMessage, verifyMessage, type ParsedMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { authorization, type Authorization } from '@/lib/protocol/messages/authorization'
import { grant, isSiteBound, type Grant } from '@/lib/protocol/messages/grant'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { verifyByIssuer } from '@/lib/protocol/trust'
import { chainFault } from './chain-rule'
import type { TrustedTime } from './clock-floor'
import type { KnownOffer, OfferStanding } from './offer-book'
import type { ChainRow } from './records'
import { isRemembered } from './remembered'
import { askRules, type RuleAnswer } from './rule-check'
import { scopeFault, utcDay } from './scope'
import type { ReserveStanding } from './site-reserve'
import { stepUpOf, type StepUp, type StepUpOrigin } from './step-up'

/** An authorization that came in a code, well formed and not yet believed. */
export interface Presented {
  readonly authorization: ParsedMessage<Authorization>
  readonly grant: ParsedMessage<Grant>
  readonly passkeyAssertion: Bytes | undefined
}

/** What this charger answered to the same authorization before. */
export interface KnownAnswer {
  readonly what: 'answer' | 'receipt'
  /** The signed answer or receipt. */
  readonly bytes: Bytes
  readonly accepted: boolean
}

/** Unsettled money of one grant at this charger. */
export interface UsedHere {
  /** Holds of sessions that still run. */
  readonly openMinor: number
  /** Holds of running sessions and bills of ended ones that the issuer has not confirmed. */
  readonly unconfirmedMinor: number
}

export interface AcceptanceFacts {
  readonly operator: OperatorId
  readonly siteId: SiteId
  readonly time: TrustedTime
  readonly trust: TrustList
  readonly stepUp: StepUpOrigin
  readonly verify: Verify
  /** Unsynced roaming money at this charger, of all grants. */
  readonly exposureMinor: number
  known(hash: MessageHash): KnownAnswer | undefined
  offer(hash: MessageHash): OfferStanding
  chain(serial: GrantSerial): ChainRow | undefined
  usedHere(serial: GrantSerial): UsedHere
  isRevoked(serial: GrantSerial): boolean
  /** The issuer's veto of this session or of this grant. */
  isVetoed(sessionId: MessageHash | undefined, serial: GrantSerial): boolean
  /** The issuer's raise of a grant, in place of first-seen and exposure caps. */
  raisedMinor(serial: GrantSerial): MinorUnits | undefined
  /** Whether the site's common book can take a spend of this site-bound grant. */
  siteReserve(serial: GrantSerial): ReserveStanding
  /** Why the connector cannot start a session now: unplugged, busy, faulted, offline. */
  hindrance(connectorId: number): ReasonCode | undefined
  /** What rules of the policy may ask of this charger. */
  ruleFacts(connectorId: number): ChargerFacts
}

export interface Accepted {
  readonly kind: 'accepted'
  readonly sessionId: SessionId
  readonly offer: KnownOffer
  readonly authorization: VerifiedMessage<Authorization>
  readonly grant: VerifiedMessage<Grant>
  /** Present only where it was needed and right. */
  readonly passkeyAssertion: Bytes | undefined
  readonly chain: ChainRow
  readonly roaming: boolean
  /** By the policy's classes and rules. */
  readonly terms: ClassTerms
  readonly ruleFailures: readonly RuleFailure[]
}

export interface Declined {
  readonly refusal: Refusal
  /** Signed, journaled, and the same for ever. Only where wallet and issuer signed, and no attachment is to blame. */
  readonly pinned: PinnedDecline | undefined
  /** Rules that could not be asked, where rules decided. */
  readonly ruleFailures?: readonly RuleFailure[]
}

export interface PinnedDecline {
  readonly authorization: VerifiedMessage<Authorization>
  readonly grant: VerifiedMessage<Grant>
  /** The chain as seen now, where this authorization continued it. */
  readonly chain: ChainRow | undefined
}

export type Acceptance = Result<Accepted | { readonly kind: 'known'; readonly known: KnownAnswer }, Declined>

/** Check 1: it parses, and it is an authorization. */
export function presentedIn(envelope: Envelope): Result<Presented, ReasonCode> {
  if (envelope.kind !== 'authorization') return err('code.wrong-kind')
  const [authorizationBytes, grantBytes, passkeyAssertion] = envelope.parts
  if (authorizationBytes === undefined || grantBytes === undefined) return err('code.damaged')
  const parsedAuthorization = parseMessage(authorization, authorizationBytes)
  const parsedGrant = parseMessage(grant, grantBytes)
  if (!parsedAuthorization.ok || !parsedGrant.ok) return err('code.damaged')
  return ok({ authorization: parsedAuthorization.value, grant: parsedGrant.value, passkeyAssertion })
}

/** Checks 2 and on. */
export function decide(presented: Presented, facts: AcceptanceFacts): Acceptance {
  const known = facts.known(presented.authorization.hash)
  if (known !== undefined) return ok({ kind: 'known', known })
  const standing = facts.offer(presented.authorization.payload.offerHash)
  const signed = verifySignatures(presented, facts)
  if (standing.kind !== 'live') {
    // The order of the protocol names the offer first; whether the decline is pinned depends on the signatures.
    const fault = refusal(`offer.${standing.kind}`)
    const isPinned = signed.ok && !mayBeForgotten(signed.value, facts)
    return isPinned ? pin(fault, presented, signed.value, facts) : err({ refusal: fault, pinned: undefined })
  }
  if (!signed.ok) return err({ refusal: refusal(signed.error), pinned: undefined })
  return judge(presented, signed.value, standing.offer, facts)
}

/** It may have been accepted and billed so long ago that nothing here says so any more. */
const mayBeForgotten = ({ grant }: Signed, { time }: AcceptanceFacts): boolean =>
  !isRemembered(grant.payload.notAfterS, time.nowS)

interface Signed {
  readonly authorization: VerifiedMessage<Authorization>
  readonly grant: VerifiedMessage<Grant>
  /** Whether the issuer's key was valid when the grant began, and does not merely stand in the list. */
  readonly isIssuerInTime: boolean
}

function verifySignatures(presented: Presented, facts: AcceptanceFacts): Result<Signed, ReasonCode> {
  const { authorization, grant } = presented
  if (authorization.payload.grantHash !== grant.hash) return err('grant.missing')
  const inTime = verifyByIssuer(grant, facts.trust, grant.payload.notBeforeS, facts.verify)
  const issued = inTime ?? verifyByIssuer(grant, facts.trust, undefined, facts.verify)
  if (issued === undefined) return err('grant.signature')
  const consented = verifyMessage(authorization, grant.payload.deviceKey, facts.verify)
  return consented === undefined
    ? err('wallet.signature')
    : ok({ authorization: consented, grant: issued, isIssuerInTime: inTime !== undefined })
}

/** What the checks find, given a step-up or its absence. */
function judge(presented: Presented, signed: Signed, offer: KnownOffer, facts: AcceptanceFacts): Acceptance {
  const stepUp = stepUpOf(presented, facts.stepUp, facts.verify)
  const ruled = rulesOn(signed, offer, facts, stepUp)
  const fault = firstFault(signed, offer, facts, stepUp, ruled)
  if (fault === undefined) return ok(accept(signed, offer, facts, stepUp, ruled))
  const attachmentMayBeToBlame =
    signed.grant.payload.passkeyHash !== undefined &&
    stepUp.kind !== 'right' &&
    isFaultless(signed, offer, facts, { kind: 'right', assertion: undefined })
  // Whoever shows the code can strip or spoil the assertion; a valid authorization must survive that.
  return attachmentMayBeToBlame
    ? err({
        refusal: stepUp.kind === 'wrong' ? refusal('step-up.wrong') : fault,
        pinned: undefined,
      })
    : pin(fault, presented, signed, facts, fault === ruled.refusal ? ruled.failures : [])
}

const isFaultless = (...[signed, offer, facts, stepUp]: Parameters<typeof rulesOn>): boolean =>
  firstFault(signed, offer, facts, stepUp, rulesOn(signed, offer, facts, stepUp)) === undefined

const rulesOn = (
  { authorization, grant }: Signed,
  offer: KnownOffer,
  facts: AcceptanceFacts,
  stepUp: StepUp,
): RuleAnswer =>
  askRules({
    offer,
    grant: grant.payload,
    holdMinor: authorization.payload.holdMinor,
    stepUp: stepUp.kind === 'right',
    time: facts.time,
    charger: facts.ruleFacts(offer.payload.connectorId),
  })

function firstFault(
  { authorization, grant, isIssuerInTime }: Signed,
  offer: KnownOffer,
  facts: AcceptanceFacts,
  stepUp: StepUp,
  ruled: RuleAnswer,
): Refusal | undefined {
  const { holdMinor, seq } = authorization.payload
  const { serial, spendsMax } = grant.payload
  return (
    (isIssuerInTime ? undefined : refusal('grant.issuer')) ??
    operatorFault(grant, offer, facts) ??
    scopeFault({
      grant: grant.payload,
      siteId: facts.siteId,
      bayPowerW: facts.ruleFacts(offer.payload.connectorId).connectorPowerW,
      time: facts.time,
      holdMinor,
      usedTodayMinor: usedToday(facts.chain(serial), facts.time.nowS),
    }) ??
    wordFault(authorization, grant, facts) ??
    chainRefusal(authorization, grant, facts) ??
    (seq > spendsMax ? refusal('wallet.spends', { limit: spendsMax }) : undefined) ??
    holdFault(authorization, grant, offer, facts, stepUp) ??
    ruled.refusal ??
    hindranceFault(offer.payload.connectorId, facts)
  )
}

/** What the issuer, or the site's common book, has said about this grant or this session. */
function wordFault(
  authorization: VerifiedMessage<Authorization>,
  { payload: { serial } }: VerifiedMessage<Grant>,
  facts: AcceptanceFacts,
): Refusal | undefined {
  if (facts.isRevoked(serial)) return refusal('grant.revoked')
  if (facts.isVetoed(authorization.hash, serial)) return refusal('permit.vetoed')
  return facts.siteReserve(serial) === 'frozen' ? refusal('grant.frozen') : undefined
}

function operatorFault(
  grant: VerifiedMessage<Grant>,
  offer: KnownOffer,
  facts: AcceptanceFacts,
): Refusal | undefined {
  if (grant.payload.operator !== facts.operator) return refusal('grant.operator')
  return grant.payload.currency === offer.payload.tariff.currency ? undefined : refusal('grant.currency')
}

function chainRefusal(
  authorization: VerifiedMessage<Authorization>,
  grant: VerifiedMessage<Grant>,
  facts: AcceptanceFacts,
): Refusal | undefined {
  const { serial } = grant.payload
  const fault = chainFault(authorization, grant.hash, facts.chain(serial), facts.usedHere(serial).openMinor)
  return fault === undefined ? undefined : refusal(fault)
}

function holdFault(
  { payload }: VerifiedMessage<Authorization>,
  grant: VerifiedMessage<Grant>,
  offer: KnownOffer,
  facts: AcceptanceFacts,
  stepUp: StepUp,
): Refusal | undefined {
  if (payload.holdMinor === 0) return refusal('hold.zero')
  const { serial } = grant.payload
  const used = facts.usedHere(serial)
  const raisedMinor = facts.raisedMinor(serial)
  const question: HoldQuestion = {
    policy: offer.policy,
    grant: grant.payload,
    offerMaximumMinor: offer.payload.maximumHoldMinor,
    nowS: facts.time.nowS,
    clockQuality: facts.time.quality,
    grantRoomMinor: minorUnits(
      grant.payload.capMinor - (payload.grossMinor - payload.holdMinor) + payload.releasedMinor,
    ),
    // A grant is confirmed here as long as the issuer has settled all that it spent here (docs/protocol, first seen).
    confirmedHere: facts.chain(serial)?.confirmed === true && used.unconfirmedMinor === 0,
    usedHereMinor: minorUnits(used.unconfirmedMinor),
    exposureMinor: minorUnits(facts.exposureMinor),
    stepUp: stepUp.kind === 'right',
    siteReserveHeld: isAtHome(grant, facts),
    ...(raisedMinor === undefined ? {} : { raisedMinor }),
  }
  const broken = holdLimits(question).find((limit) => payload.holdMinor > limit.maximumMinor)
  if (broken === undefined) return undefined
  return refusal(broken.code, {
    limit: broken.maximumMinor,
    asked: payload.holdMinor,
    possible: Math.max(0, bindingHoldLimit(question).maximumMinor),
  })
}

/** A grant of this site, with a book that has all its spends here. */
const isAtHome = ({ payload }: VerifiedMessage<Grant>, facts: AcceptanceFacts): boolean =>
  isSiteBound(payload) && facts.siteReserve(payload.serial) === 'held'

function hindranceFault(connectorId: number, facts: AcceptanceFacts): Refusal | undefined {
  const code = facts.hindrance(connectorId)
  return code === undefined ? undefined : refusal(code)
}

function accept(
  signed: Signed,
  offer: KnownOffer,
  facts: AcceptanceFacts,
  stepUp: StepUp,
  { terms, failures }: RuleAnswer,
): Accepted {
  const { authorization, grant } = signed
  const seen = seenChain(signed, facts)
  return {
    kind: 'accepted',
    sessionId: authorization.hash as SessionId,
    offer,
    authorization,
    grant,
    passkeyAssertion: stepUp.kind === 'right' ? stepUp.assertion : undefined,
    chain: { ...seen, dayMinor: minorUnits(seen.dayMinor + authorization.payload.holdMinor) },
    roaming: !isAtHome(grant, facts) && grant.payload.fleetRules === undefined,
    terms,
    ruleFailures: failures,
  }
}

function pin(
  fault: Refusal,
  presented: Presented,
  signed: Signed,
  facts: AcceptanceFacts,
  ruleFailures: readonly RuleFailure[] = [],
): Acceptance {
  const continues = chainRefusal(signed.authorization, signed.grant, facts) === undefined
  return err({
    refusal: fault,
    pinned: { ...signed, chain: continues ? seenChain(signed, facts) : undefined },
    ruleFailures,
  })
}

/** The row of the chain after this authorization was seen. */
function seenChain({ authorization, grant }: Signed, facts: AcceptanceFacts): ChainRow {
  const before = facts.chain(grant.payload.serial)
  return {
    seq: authorization.payload.seq,
    hash: authorization.hash,
    grossMinor: authorization.payload.grossMinor,
    releasedMinor: authorization.payload.releasedMinor,
    confirmed: before?.confirmed ?? false,
    seenAtS: facts.time.nowS,
    expiresAtS: grant.payload.notAfterS,
    day: utcDay(facts.time.nowS),
    dayMinor: minorUnits(usedToday(before, facts.time.nowS)),
  }
}

const usedToday = (chain: ChainRow | undefined, nowS: number): number =>
  chain !== undefined && chain.day === utcDay(nowS) ? chain.dayMinor : 0

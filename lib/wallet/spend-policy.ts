/**
 * What can be spent here and now, from which grant, and which rule sets the bound. The same limits that the charger
 * applies (`lib/policy/hold-limits.ts`), asked before the driver decides, so that nothing is proposed that must be
 * refused. Where the phone cannot know something (what a charger has confirmed, its exposure) it assumes the usual.
 */

import type { Refusal } from '@/lib/core/reason'
import { refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import { wholeUnits } from '@/lib/policy/defaults'
import { bindingHoldLimit, type HoldLimit } from '@/lib/policy/hold-limits'
import { declineFacts, type RuleVerdict } from '@/lib/policy/rules'
import { isAloneAtSite, type ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { coversPower, coversSite, isWithinHours } from '@/lib/protocol/messages/grant'
import { bayPowerOf, siteReserveHere, type Offer } from '@/lib/protocol/messages/offer'
import { roomOf, takenBy, type Chain, type CheckedOffer } from './chain'
import { rulesHere, type RulesHere } from './rules-here'
import { purseOf, type PurseId } from './purse'
import { isRevoked, policyAt, type TrustState } from './trust-state'

export interface SpendContext {
  readonly trust: TrustState
  readonly nowS: EpochSeconds
  /** Whether this phone can use the passkey that grants name. */
  readonly hasPasskey: boolean
  /** Which purse the driver wants to pay from; null or absent: whichever suits best. */
  readonly payFrom?: PurseId | null
}

/** Why a grant can carry nothing any more, or undefined when it can. */
export function exhaustion(chain: Chain, { trust, nowS }: SpendContext): ReasonCode | undefined {
  const { payload: grant } = chain.grant
  if (chain.closing !== null) return 'grant.closed'
  if (isRevoked(trust, chain.serial)) return 'grant.revoked'
  if (nowS > grant.notAfterS) return 'grant.expired'
  if (nowS < grant.notBeforeS) return 'grant.not-yet-valid'
  if (chain.entries.length >= grant.spendsMax) return 'wallet.spends'
  return roomOf(chain) > 0 ? undefined : 'wallet.cap'
}

/** Why a grant cannot be used for this offer, or undefined when it can. */
function misfit(
  chain: Chain,
  { offer, certificate }: CheckedOffer,
  nowS: EpochSeconds,
): ReasonCode | undefined {
  const { payload: grant } = chain.grant
  if (grant.operator !== certificate.payload.operator) return 'grant.operator'
  if (grant.currency !== offer.payload.tariff.currency) return 'grant.currency'
  if (!coversSite(grant, certificate.payload.siteId)) return 'grant.site'
  if (!coversPower(grant, bayPowerOf(offer.payload))) return 'grant.power'
  if (grant.fleetRules !== undefined && !isWithinHours(grant.fleetRules, nowS)) return 'grant.hours'
  return undefined
}

const dayS = 86_400

/** What the fleet's daily limit leaves today (UTC), or undefined without such a limit. */
export function dailyRest(chain: Chain, nowS: EpochSeconds): MinorUnits | undefined {
  const limit = chain.grant.payload.fleetRules?.dailyLimitMinor ?? 0
  if (limit === 0) return undefined
  const today = Math.floor(nowS / dayS)
  const used = chain.entries
    .filter((entry) => Math.floor(entry.payload.timeS / dayS) === today)
    .reduce((sum, entry) => sum + takenBy(entry), 0)
  return minorUnits(Math.max(0, limit - used))
}

/**
 * What the charger may have heard of this grant's earlier sessions there. The operator's settlement reaches a charger
 * by its own link, at a time that the phone cannot know: `unheard` is what any charger accepts, `heard` what one does
 * that has been in touch since.
 */
type ChargersNews = 'heard' | 'unheard'

/** Bit 0 of an offer's roads: the charger has its link now. */
const linkNow = 1

/** The limit that binds at this charger, with or without the passkey. */
function holdLimitAt(
  chain: Chain,
  { offer, certificate }: CheckedOffer,
  { trust, nowS }: SpendContext,
  stepUp: boolean,
  news: ChargersNews,
): HoldLimit {
  const here = chain.entries.filter(
    (entry) => entry.certificate.payload.chargerId === certificate.payload.chargerId && takenBy(entry) > 0,
  )
  const unsettled = here.filter((entry) => entry.standing !== 'settled')
  const counted = news === 'heard' ? unsettled : here
  const limit = bindingHoldLimit({
    policy: policyAt(trust, nowS, offer.payload.policySequence),
    grant: chain.grant.payload,
    offerMaximumMinor: offer.payload.maximumHoldMinor,
    nowS,
    clockQuality: offer.payload.clockQuality,
    grantRoomMinor: roomOf(chain),
    confirmedHere:
      news === 'heard' && (offer.payload.roads & linkNow) !== 0 && here.length > 0 && unsettled.length === 0,
    usedHereMinor: minorUnits(counted.reduce((sum, entry) => sum + takenBy(entry), 0)),
    exposureMinor: minorUnits(0),
    stepUp,
    // Its journal, or its gateway, is the site's book, and has all that this grant spent there (PROTOCOL.md, risk limits).
    ...(isBookKept(certificate.payload, offer.payload) && { siteReserveHeld: true }),
    ...(news === 'heard' && raisedHere(chain, certificate.payload.chargerId, trust, nowS)),
  })
  const daily = dailyRest(chain, nowS)
  return daily !== undefined && daily < limit.maximumMinor
    ? { code: 'wallet.daily-limit', maximumMinor: daily }
    : limit
}

const isBookKept = (certificate: ChargerCertificate, { roads }: Offer): boolean =>
  isAloneAtSite(certificate) || (roads & siteReserveHere) !== 0

/** The issuer's word that this charger may hold more, which this phone carries there itself. */
function raisedHere(
  { serial }: Chain,
  chargerId: string,
  { permits }: TrustState,
  nowS: EpochSeconds,
): { readonly raisedMinor: MinorUnits } | undefined {
  const raise = permits.find(
    ({ payload }) =>
      payload.serial === serial &&
      payload.verdict === 'raise' &&
      payload.notAfterS >= nowS &&
      (payload.chargerId === undefined || payload.chargerId === chargerId),
  )?.payload.maximumMinor
  return raise === undefined ? undefined : { raisedMinor: raise }
}

export interface HoldChoice {
  readonly holdMinor: MinorUnits
  readonly stepUp: boolean
}

export interface Proposal {
  readonly chain: Chain
  /** Ascending, never empty; the last is the most that is possible here. */
  readonly choices: readonly HoldChoice[]
  /** The most that any charger accepts without a passkey; where that is next to nothing, the most that this one may. */
  readonly suggestedMinor: MinorUnits
  readonly limitedBy: ReasonCode
}

/** The best grant for this offer and the holds that it allows, or the reason that helps the driver most. */
export function proposeHolds(
  chains: readonly Chain[],
  checked: CheckedOffer,
  context: SpendContext,
): Result<Proposal, Refusal> {
  const proposals: Proposal[] = []
  let reason: Refusal = refusal('grant.missing')
  // A grant that another one followed, or that went back, explains nothing any more.
  for (const chain of preferred(chains, context.payFrom).filter(isPresent)) {
    const problem = misfit(chain, checked, context.nowS) ?? exhaustion(chain, context)
    const proposal = problem === undefined ? proposeFrom(chain, checked, context) : err(refusal(problem))
    if (proposal.ok) proposals.push(proposal.value)
    else if (reason.code === 'grant.missing') reason = proposal.error
  }
  const usefulMinor = wholeUnits(usefulHold, checked.offer.payload.tariff.currency)
  const best = proposals.find((proposal) => topOf(proposal) >= usefulMinor) ?? largest(proposals)
  return best === undefined ? err(reason) : ok(best)
}

const isPresent = ({ closing }: Chain): boolean =>
  closing?.outcome !== 'renewed' && closing?.outcome !== 'returned'

/** The last few cents of a grant must not stand in the way of another one; in whole currency units. */
const usefulHold = 5

const topOf = ({ choices }: Proposal): number => choices.at(-1)?.holdMinor ?? 0

const largest = (proposals: readonly Proposal[]): Proposal | undefined =>
  [...proposals].sort((left, right) => topOf(right) - topOf(left))[0]

/**
 * What the driver chose; else a fleet's money first, then what only fits certain sites, then one's own; among equals what
 * runs out first.
 */
export const preferred = (chains: readonly Chain[], payFrom: PurseId | null = null): readonly Chain[] =>
  [...chains].sort(
    (left, right) =>
      rank(left, payFrom) - rank(right, payFrom) ||
      left.grant.payload.notAfterS - right.grant.payload.notAfterS,
  )

function rank(chain: Chain, payFrom: PurseId | null): number {
  const purse = purseOf(chain)
  if (purse === payFrom) return 0
  return purse === 'roaming' ? 3 : purse === 'sites' ? 2 : 1
}

/** Steps that are easy to choose between, in whole currency units. */
const steps = [5, 10, 15, 20, 30, 40, 50, 60, 80, 100, 150, 200, 300] as const

function proposeFrom(chain: Chain, checked: CheckedOffer, context: SpendContext): Result<Proposal, Refusal> {
  const plain = holdLimitAt(chain, checked, context, false, 'heard')
  const { currency } = checked.offer.payload.tariff
  const sure = holdLimitAt(chain, checked, context, false, 'unheard').maximumMinor
  // A figure of its own among the choices is a round one.
  const certain = sure < plain.maximumMinor ? sure - (sure % wholeUnits(1, currency)) : sure
  const canStepUp = context.hasPasskey && chain.grant.payload.passkeyHash !== undefined
  const top = canStepUp ? holdLimitAt(chain, checked, context, true, 'heard') : plain
  const limit = top.maximumMinor > plain.maximumMinor ? top : plain
  if (limit.maximumMinor === 0) return err(refusal(limit.code))
  const amounts = new Set<number>(
    steps.map((step) => wholeUnits(step, currency)).filter((amount) => amount < limit.maximumMinor),
  )
  for (const amount of [certain, plain.maximumMinor, limit.maximumMinor]) if (amount > 0) amounts.add(amount)
  const rules = rulesHere(chain, checked, context.trust, context.nowS)
  const choices = choicesBy(rules, [...amounts], plain.maximumMinor, canStepUp)
  if (choices.length === 0) return err(refusalBy(rules(limit.maximumMinor, canStepUp)))
  const isCut = (choices.at(-1)?.holdMinor ?? 0) < limit.maximumMinor
  const isUseful = certain >= wholeUnits(usefulHold, currency)
  const suggested =
    choices.findLast((choice) => choice.holdMinor <= (isUseful ? certain : plain.maximumMinor)) ?? choices[0]
  return ok({
    chain,
    choices,
    suggestedMinor: suggested?.holdMinor ?? limit.maximumMinor,
    limitedBy: isCut ? 'hold.rule' : limit.code,
  })
}

/** Each amount that the operator's rules let through, with the passkey where only that helps; and what they cut it to. */
function choicesBy(
  rules: RulesHere,
  amounts: readonly number[],
  withoutPasskeyMinor: number,
  canStepUp: boolean,
): readonly HoldChoice[] {
  const allows = (amount: number, stepUp: boolean): boolean => {
    const { declinedBy, holdMaxMinor } = rules(amount, stepUp)
    return declinedBy === undefined && (holdMaxMinor === undefined || amount <= holdMaxMinor)
  }
  const cuts = amounts.flatMap((amount) => rules(amount, amount > withoutPasskeyMinor).holdMaxMinor ?? [])
  return [...new Set([...amounts, ...cuts.filter((cut) => cut > 0 && cut <= Math.max(...amounts))])]
    .sort((left, right) => left - right)
    .flatMap((amount) => {
      const needs = amount > withoutPasskeyMinor
      const stepUp = (needs || !canStepUp ? [needs] : [false, true]).find((one) => allows(amount, one))
      return stepUp === undefined ? [] : [{ holdMinor: minorUnits(amount), stepUp }]
    })
}

const refusalBy = ({ declinedBy }: RuleVerdict): Refusal =>
  declinedBy === undefined ? refusal('hold.rule') : refusal('rule.declined', declineFacts(declinedBy))

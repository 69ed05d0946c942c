/**
 * How much one session may hold, and which rule decides. The charger refuses by this table and the phone proposes by
 * it, so that a driver is never offered what the charger will decline for a reason that the phone could know.
 */

import type { ReasonCode } from '@/lib/core/reason-codes'
import { minorUnits, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import type { ClockQuality } from '@/lib/protocol/common-fields'
import { isSiteBound, type Grant } from '@/lib/protocol/messages/grant'
import type { Policy } from '@/lib/protocol/messages/policy'

export interface HoldQuestion {
  readonly policy: Policy
  readonly grant: Grant
  readonly offerMaximumMinor: MinorUnits
  readonly nowS: EpochSeconds
  readonly clockQuality: ClockQuality
  /** Cap less the chain's gross plus its released: what the grant has left before this hold. */
  readonly grantRoomMinor: MinorUnits
  /** The issuer confirmed to this charger that the grant's earlier sessions here settled. */
  readonly confirmedHere: boolean
  /** Open holds and billed amounts of this grant at this charger since then. */
  readonly usedHereMinor: MinorUnits
  /** Unsynced roaming money at this charger, of all grants. */
  readonly exposureMinor: MinorUnits
  readonly stepUp: boolean
  /**
   * For site-bound grants: the site's durable reserve (the gateway's, or the journal of the site's only charger) has
   * this spend. Absent or false: the grant counts as roaming, first-seen caps and all.
   */
  readonly siteReserveHeld?: boolean
  /** A permit of the issuer that stands in for first-seen and exposure caps. */
  readonly raisedMinor?: MinorUnits
}

export interface HoldLimit {
  readonly code: ReasonCode
  readonly maximumMinor: MinorUnits
}

/** Every limit that applies, in the order in which the charger reports them. */
export function holdLimits(question: HoldQuestion): readonly HoldLimit[] {
  const { policy, grant, stepUp } = question
  const limits: HoldLimit[] = [
    { code: 'wallet.cap', maximumMinor: question.grantRoomMinor },
    { code: 'hold.offer-maximum', maximumMinor: question.offerMaximumMinor },
    { code: 'hold.session-cap', maximumMinor: grant.sessionCapMinor },
  ]
  const isAtHome = isSiteBound(grant) && question.siteReserveHeld === true
  if (isSiteBound(grant) && !isAtHome && isReserveTold(question)) {
    limits.push({
      code: 'hold.site-reserve',
      maximumMinor: rest(policy.firstSeenStepUpCapMinor, question.usedHereMinor),
    })
  }
  if (question.raisedMinor !== undefined) {
    limits.push({ code: 'hold.first-seen', maximumMinor: rest(question.raisedMinor, question.usedHereMinor) })
  } else {
    if (!question.confirmedHere && !isAtHome) limits.push(firstSeenLimit(question))
    if (!isSiteBound(grant) && grant.fleetRules === undefined && !stepUp) {
      limits.push({
        code: 'hold.exposure',
        maximumMinor: rest(policy.exposureCapMinor, question.exposureMinor),
      })
    }
  }
  if (question.clockQuality === 'unknown' || grant.keyProtection === 'sealed') {
    limits.push({ code: 'hold.clock', maximumMinor: rest(policy.firstSeenCapMinor, question.usedHereMinor) })
  }
  if (grant.passkeyHash !== undefined && !stepUp) {
    limits.push({ code: 'step-up.required', maximumMinor: policy.stepUpAboveMinor })
  }
  return limits
}

/** The limit that binds: the first of the smallest. */
export function bindingHoldLimit(question: HoldQuestion): HoldLimit {
  return holdLimits(question).reduce((least, limit) =>
    limit.maximumMinor < least.maximumMinor ? limit : least,
  )
}

function firstSeenLimit(question: HoldQuestion): HoldLimit {
  const { policy, grant, nowS, usedHereMinor } = question
  const young = nowS - grant.notBeforeS < policy.youngGrantS
  const cap = !question.stepUp
    ? policy.firstSeenCapMinor
    : young
      ? policy.firstSeenYoungCapMinor
      : policy.firstSeenStepUpCapMinor
  return { code: 'hold.first-seen', maximumMinor: rest(cap, usedHereMinor) }
}

/** A phone cannot know how the site keeps its reserve, and proposes by what it does know. */
const isReserveTold = ({ siteReserveHeld }: HoldQuestion): boolean => siteReserveHeld !== undefined

const rest = (cap: MinorUnits, used: MinorUnits): MinorUnits => minorUnits(Math.max(0, cap - used))

/**
 * Which of the policies that a charger holds it goes by now, what its prices are at this hour, and what there is to say
 * about it. A policy that ran out goes on for a while with less at stake (docs/adr/0034): nobody is stranded by an
 * operator's silence, and nothing is sold at a price that nobody signed.
 */

import { addSeconds, minorUnits, type EpochSeconds } from '@/lib/core/units'
import type { VerifiedMessage } from '@/lib/protocol/message'
import type { CompactTariff, TariffChange } from '@/lib/protocol/messages/compact-tariff'
import type { Policy } from '@/lib/protocol/messages/policy'
import { isSameRates, nextRateChange, tariffAt } from '@/lib/policy/tariff-at'
import type { Now } from '../session/connector-state'
import { startToleranceS, type Knowledge } from './knowledge'

/** How long the last policy goes on after its end: as long as a hold outlives its grant. */
export const overdueS = 30 * 86_400

export interface PolicyInForce {
  readonly policy: Policy
  /** It has ended, and no other holds. */
  readonly isOverdue: boolean
}

/** The next one takes over by itself at its time. Undefined: nothing may be sold. */
export function policyInForce(
  { policy, nextPolicy }: Pick<Knowledge, 'policy' | 'nextPolicy'>,
  nowS: EpochSeconds,
): PolicyInForce | undefined {
  const hasBegun = (
    one: VerifiedMessage<Policy> | undefined,
    toleranceS: number,
  ): one is VerifiedMessage<Policy> => one !== undefined && nowS + toleranceS >= one.payload.notBeforeS
  // An announced change of price takes effect at its time and not before; the first policy of all may be a little early.
  const begun = [
    ...(hasBegun(nextPolicy, 0) ? [nextPolicy.payload] : []),
    ...(hasBegun(policy, startToleranceS) ? [policy.payload] : []),
  ]
  const valid = begun.find(({ notAfterS }) => nowS <= notAfterS)
  if (valid !== undefined) return { policy: valid, isOverdue: false }
  const last = begun.find(({ notAfterS }) => nowS <= notAfterS + overdueS)
  return last === undefined ? undefined : { policy: withLessAtStake(last), isOverdue: true }
}

/** The offer says it, so that phones propose no more. */
const withLessAtStake = (policy: Policy): Policy => ({
  ...policy,
  maximumHoldMinor: minorUnits(Math.min(policy.maximumHoldMinor, policy.firstSeenCapMinor)),
})

export const policyAt = (knowledge: Knowledge, nowS: EpochSeconds): Policy | undefined =>
  policyInForce(knowledge, nowS)?.policy

export interface Prices {
  readonly tariff: CompactTariff
  readonly tariffChange: TariffChange | undefined
}

/**
 * The price of this hour, and the one change of rates that can begin within a session on an offer made now (rules of
 * money 8): a period of the policy, or the next policy where it differs in rates alone. What comes after that does not
 * concern this session: its driver agreed to these two. With the time unknown nothing timed is sold.
 */
export function pricesAt(policy: Policy, next: Policy | undefined, { timeS, clockQuality }: Now): Prices {
  if (clockQuality === 'unknown') return { tariff: policy.tariff, tariffChange: undefined }
  const tariff = tariffAt(policy, timeS)
  const lastEndS = addSeconds(timeS, policy.offerTimeToLiveS + policy.sessionDurationMaxS)
  const comes = next !== undefined && next.notBeforeS > timeS && next.notBeforeS < lastEndS ? next : undefined
  const own = nextRateChange(policy, timeS, comes?.notBeforeS ?? lastEndS)
  if (own !== undefined || comes === undefined) return { tariff, tariffChange: own }
  return {
    tariff,
    tariffChange: isSameElse(policy.tariff, comes.tariff) ? changeBy(comes, tariff, lastEndS) : undefined,
  }
}

/** When the next policy begins, or, where its first price is the present one, at its own first change. */
function changeBy(next: Policy, tariff: CompactTariff, lastEndS: EpochSeconds): TariffChange | undefined {
  const { energyPerKwh, timePerMinute, idlePerMinute } = tariffAt(next, next.notBeforeS)
  const first = { atS: next.notBeforeS, energyPerKwh, timePerMinute, idlePerMinute }
  return isSameRates(first, tariff) ? nextRateChange(next, next.notBeforeS, lastEndS) : first
}

const isSameElse = (left: CompactTariff, right: CompactTariff): boolean =>
  left.currency === right.currency &&
  left.perSession === right.perSession &&
  left.idleGraceMinutes === right.idleGraceMinutes &&
  left.taxBasisPoints === right.taxBasisPoints

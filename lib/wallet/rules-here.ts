/**
 * The operator's rules as far as a phone can ask them before the driver decides, so that nothing is proposed that must be
 * refused. Only the policy that the charger's offer names counts, and rules about what only the charger knows are left
 * to it.
 */

import type { EpochSeconds } from '@/lib/core/units'
import { ruleFactsOf } from '@/lib/policy/rule-facts'
import { loadedRules } from '@/lib/policy/rule-reader'
import { judgeByRules, noRules, type RuleVerdict } from '@/lib/policy/rules'
import type { Grant } from '@/lib/protocol/messages/grant'
import type { Offer } from '@/lib/protocol/messages/offer'
import type { Policy } from '@/lib/protocol/messages/policy'
import type { Chain, CheckedOffer } from './chain'
import type { TrustState } from './trust-state'

export type RulesHere = (holdMinor: number, stepUp: boolean) => RuleVerdict

export function rulesHere(
  { grant }: Pick<Chain, 'grant'>,
  { offer }: Pick<CheckedOffer, 'offer'>,
  trust: TrustState,
  nowS: EpochSeconds,
): RulesHere {
  const policy = offeredPolicy(trust, offer.payload)
  const engine = loadedRules()
  if (policy?.rules === undefined || engine === undefined) return () => noRules
  const { rules } = policy
  return (holdMinor, stepUp) =>
    judgeByRules(
      rules,
      factsHere(policy, grant.payload, offer.payload, { holdMinor, stepUp, nowS }),
      engine,
      'phone',
    )
}

/** The one that the charger's offer names; undefined where this phone does not hold it. */
export function offeredPolicy(
  { policy, nextPolicy }: TrustState,
  { policySequence }: Offer,
): Policy | undefined {
  return [policy, nextPolicy].find((one) => one?.payload.sequence === policySequence)?.payload
}

export const factsHere = (
  policy: Policy,
  grant: Grant,
  { connectorId, clockQuality }: Offer,
  asked: { readonly holdMinor: number; readonly stepUp: boolean; readonly nowS: EpochSeconds },
) => ruleFactsOf({ policy, grant, connectorId, clockQuality, ...asked })

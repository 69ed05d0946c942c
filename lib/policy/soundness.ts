/**
 * Whether a policy can be lived by: asked by the operator's server before it signs and by every charger before it adopts,
 * with the same code. A policy that fails is never half taken.
 */

import { minorUnitExponent } from '@/lib/core/currency'
import type { Policy } from '@/lib/protocol/messages/policy'
import type { PolicyRule } from '@/lib/protocol/messages/policy-terms'
import { isRising } from './local-time'
import { traitsOf } from './rule-facts'
import type { RuleEngine } from './rules'
import { hasOverlap } from './tariff-at'

export interface PolicyFault {
  readonly code:
    | 'policy.life'
    | 'policy.offer-life'
    | 'policy.currency'
    | 'policy.clock-missing'
    | 'policy.clock-order'
    | 'policy.periods-overlap'
    | 'policy.class-twice'
    | 'policy.rule-twice'
    | 'policy.rule-empty'
    | 'policy.rule-broken'
  /** One sentence, which names the part. */
  readonly detail: string
}

/** An offer must live long enough to be scanned and approved. */
const offerLifeMinS = 30

/** The first thing that is wrong, or undefined. */
export function policyFaultOf(policy: Policy, engine: RuleEngine): PolicyFault | undefined {
  const { localTime, periods, classes = [], rules = [], tariff } = policy
  if (policy.notAfterS <= policy.notBeforeS) return fault('policy.life', 'It ends before it begins.')
  if (policy.offerTimeToLiveS < offerLifeMinS)
    return fault('policy.offer-life', `An offer must live for ${offerLifeMinS} seconds.`)
  if (minorUnitExponent(tariff.currency) === undefined)
    return fault('policy.currency', `Nothing can be sold in ${tariff.currency}.`)
  if (periods !== undefined && localTime === undefined)
    return fault('policy.clock-missing', 'Prices by the hour need a local time.')
  if (localTime !== undefined && !isRising(localTime))
    return fault('policy.clock-order', 'Changes of the clock must rise in time.')
  if (periods !== undefined && hasOverlap(periods))
    return fault('policy.periods-overlap', 'Two periods hold at the same local time.')
  const twice = repeated(classes.map(({ vehicleClass }) => String(vehicleClass)))
  if (twice !== undefined) return fault('policy.class-twice', `Class ${twice} stands there twice.`)
  return ruleFaultIn(rules, localTime !== undefined, engine)
}

function ruleFaultIn(
  rules: readonly PolicyRule[],
  hasClock: boolean,
  engine: RuleEngine,
): PolicyFault | undefined {
  const twice = repeated(rules.map(({ name }) => name))
  if (twice !== undefined) return fault('policy.rule-twice', `Rule ${twice} stands there twice.`)
  for (const { name, when, ...effects } of rules) {
    if (Object.values(effects).every((effect) => effect === undefined))
      return fault('policy.rule-empty', `Rule ${name} has no effect.`)
    if (Object.values(effects).some((effect) => effect === 0))
      return fault('policy.rule-empty', `Rule ${name} leaves nothing: a decline says why.`)
    const compiled = engine.compile(when)
    if (!compiled.ok) return fault('policy.rule-broken', `Rule ${name}: ${compiled.error}`)
    const asksForTime = [...compiled.value.asks].some((fact) => traitsOf(fact).isOfTime === true)
    if (asksForTime && !hasClock)
      return fault('policy.clock-missing', `Rule ${name} asks for the hour, which needs a local time.`)
  }
  return undefined
}

const fault = (code: PolicyFault['code'], detail: string): PolicyFault => ({ code, detail })

const repeated = (names: readonly string[]): string | undefined =>
  names.find((name, index) => names.indexOf(name) !== index)

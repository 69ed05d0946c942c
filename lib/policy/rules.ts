/**
 * What the rules of a policy say about one session. All rules are asked, and of what several say the strictest holds, so
 * that their order says nothing. A rule that fails is taken as if it applied, and is told of: nothing is ever allowed
 * because a rule could not be read.
 */

import type { Result } from '@/lib/core/result'
import { minorUnits, type MinorUnits } from '@/lib/core/units'
import { ruleLanguages, type PolicyRule } from '@/lib/protocol/messages/policy-terms'
import { least, type SessionTerms } from './class-limits'
import { traitsOf, type FactName, type RuleFacts } from './rule-facts'

export interface CompiledRule {
  /** Facts that it asks for. */
  readonly asks: ReadonlySet<FactName>
  /** An error is a sentence about what went wrong. */
  applies(facts: RuleFacts): Result<boolean, string>
}

/** Reads the language of rules. A port, because a phone loads it only where a policy has rules. */
export interface RuleEngine {
  /** An error is a sentence about what is wrong with the expression. */
  compile(expression: string): Result<CompiledRule, string>
}

/** Who asks: a phone leaves to the charger what only the charger knows. */
export type RuleAsker = 'charger' | 'phone'

export interface RuleVerdict extends SessionTerms {
  /** The first rule that declines. */
  readonly declinedBy: PolicyRule | undefined
  readonly holdMaxMinor: MinorUnits | undefined
  /** The rule that set it. */
  readonly holdSetBy: string | undefined
  readonly failures: readonly RuleFailure[]
}

export interface RuleFailure {
  readonly rule: string
  readonly why: string
}

export const noRules: RuleVerdict = {
  declinedBy: undefined,
  holdMaxMinor: undefined,
  holdSetBy: undefined,
  powerMaxW: undefined,
  durationMaxS: undefined,
  energyMaxWh: undefined,
  failures: [],
}

export function judgeByRules(
  rules: readonly PolicyRule[] | undefined,
  facts: RuleFacts,
  engine: RuleEngine,
  asker: RuleAsker,
): RuleVerdict {
  if (rules === undefined) return noRules
  const failures: RuleFailure[] = []
  const applying = rules.filter((rule) => {
    const compiled = engine.compile(rule.when)
    const asks = compiled.ok ? [...compiled.value.asks] : []
    if (asker === 'phone' && (!compiled.ok || asks.some((name) => traitsOf(name).isOfCharger === true)))
      return false
    if (facts.clock === 'unknown' && asks.some((name) => traitsOf(name).isOfTime === true)) return true
    const applies = compiled.ok ? compiled.value.applies(facts) : compiled
    if (!applies.ok) failures.push({ rule: rule.name, why: applies.error })
    return !applies.ok || applies.value
  })
  const holdMax = least(applying.map(({ holdMaxMinor }) => holdMaxMinor))
  return {
    // By name, so that what a driver is told does not depend on the order either.
    declinedBy: applying
      .filter(({ decline }) => decline !== undefined)
      .sort((left, right) => (left.name < right.name ? -1 : 1))[0],
    holdMaxMinor: holdMax === undefined ? undefined : minorUnits(holdMax),
    holdSetBy: applying.find(({ holdMaxMinor }) => holdMax !== undefined && holdMaxMinor === holdMax)?.name,
    powerMaxW: least(applying.map(({ powerMaxW }) => powerMaxW)),
    durationMaxS: least(applying.map(({ durationMaxS }) => durationMaxS)),
    energyMaxWh: least(applying.map(({ energyMaxWh }) => energyMaxWh)),
    failures,
  }
}

/**
 * Its name and its words, as facts of a refusal: `words-en`, `words-de`. A language that it lacks gets those of the first
 * that it has: whoever turns somebody away says why in words that somebody wrote.
 */
export function declineFacts({ name, decline = [] }: PolicyRule): Readonly<Record<string, string>> {
  const facts: Record<string, string> = { rule: name }
  for (const language of ruleLanguages) {
    const words = decline.find((one) => one.language === language) ?? decline[0]
    if (words !== undefined) facts[`words-${language}`] = words.text
  }
  return facts
}

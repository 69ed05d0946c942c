/**
 * What the policy's classes and rules say about one session at one bay: whether it may start, with which hold at most, and
 * on which terms. The same for a wallet's authorization and for a card.
 */

import { refusal, type Refusal } from '@/lib/core/reason'
import type { MinorUnits } from '@/lib/core/units'
import { celEngine } from '@/lib/policy/cel'
import { classOf, classTerms, strictestTerms, type ClassTerms } from '@/lib/policy/class-limits'
import { ruleFactsOf, type ChargerFacts } from '@/lib/policy/rule-facts'
import { declineFacts, judgeByRules, type RuleFailure } from '@/lib/policy/rules'
import type { JournalEvent } from '@/lib/protocol/journal-event'
import { incidentDetail } from '@/lib/protocol/journal-event'
import type { Grant } from '@/lib/protocol/messages/grant'
import type { TrustedTime } from './clock-floor'
import type { Now } from './connector-state'
import type { KnownOffer } from './offer-book'

export interface RuleQuestion {
  readonly offer: KnownOffer
  /** Undefined: a card. */
  readonly grant: Grant | undefined
  readonly holdMinor: MinorUnits
  readonly stepUp: boolean
  readonly time: TrustedTime
  readonly charger: ChargerFacts
}

export interface RuleAnswer {
  readonly refusal: Refusal | undefined
  /** The most that the rules let this session hold. */
  readonly holdMaxMinor: MinorUnits | undefined
  readonly terms: ClassTerms
  /** Rules that could not be asked, and so applied. */
  readonly failures: readonly RuleFailure[]
}

export function askRules(question: RuleQuestion): RuleAnswer {
  const { offer, grant, holdMinor, stepUp, time, charger } = question
  const { policy } = offer
  const facts = ruleFactsOf({
    policy,
    grant,
    holdMinor,
    stepUp,
    connectorId: offer.payload.connectorId,
    nowS: time.nowS,
    clockQuality: time.quality,
    charger,
  })
  const verdict = judgeByRules(policy.rules, facts, celEngine, 'charger')
  const { declinedBy, holdMaxMinor } = verdict
  const ofClass = classTerms(policy, classOf(grant?.fleetRules))
  return {
    refusal:
      declinedBy !== undefined
        ? refusal('rule.declined', declineFacts(declinedBy))
        : holdMaxMinor !== undefined && holdMinor > holdMaxMinor
          ? refusal('hold.rule', { limit: holdMaxMinor, asked: holdMinor, possible: holdMaxMinor })
          : undefined,
    holdMaxMinor,
    terms: { ...strictestTerms(ofClass, verdict), weight: ofClass.weight },
    failures: verdict.failures,
  }
}

/** For the journal, beside the answer that they decided. */
export const ruleIncidents = (failures: readonly RuleFailure[], now: Now): readonly JournalEvent[] =>
  failures.map(({ rule, why }) => ({
    kind: 'incident',
    timeS: now.timeS,
    what: 'policy.rule-failed',
    detail: incidentDetail(`rule ${rule} was taken as if it applied: ${why}`),
  }))

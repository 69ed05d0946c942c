/**
 * What an operator may put in force after the policy that is. Chargers and phones take whatever is signed, so what
 * could sell nothing, sell at nobody's price or lift a protection by a slip is stopped here. Pure.
 */

import type { EpochSeconds } from '@/lib/core/units'
import { celEngine } from '@/lib/policy/cel'
import { policyFaultOf, type PolicyFault } from '@/lib/policy/soundness'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'
import type { Policy } from '@/lib/protocol/messages/policy'

const dayS = 86_400
/** A policy is renewed this long before its end; a shorter one would be renewed at once and lose its start. */
const policyLifeMinS = 61 * dayS
const policyLifeMaxS = 3_660 * dayS
/** Chargers without a link hear of a change by phones, which takes its time; more than a year ahead is a slip. */
const announcedMostS = 366 * dayS

export interface PolicyRefused {
  readonly code: PolicyFault['code'] | FollowFault
  /** One plain sentence. */
  readonly detail: string
}

type FollowFault =
  | 'policy.operator'
  | 'policy.sequence'
  | 'policy.start'
  | 'policy.announced'
  | 'policy.hold'
  | 'policy.caps'
  | 'policy.session'
  | 'policy.zone'
  | 'policy.form'

/** Undefined when `next` may follow `current`: it can be lived by, and nothing happens by a slip. */
export function policyFault(current: Policy, next: Policy, nowS: EpochSeconds): PolicyRefused | undefined {
  const life = next.notAfterS - next.notBeforeS
  const isAnnounced = next.notBeforeS > nowS
  const rules: readonly (readonly [boolean, PolicyRefused['code'], string])[] = [
    [next.operator === current.operator, 'policy.operator', 'A policy belongs to one operator.'],
    [next.sequence > current.sequence, 'policy.sequence', 'The sequence of policies only rises.'],
    [
      life >= policyLifeMinS && life <= policyLifeMaxS,
      'policy.life',
      `A policy lives from ${policyLifeMinS / dayS} to ${policyLifeMaxS / dayS} days.`,
    ],
    [
      next.notAfterS > nowS + policyLifeMinS,
      'policy.life',
      'The policy would have run out before it is renewed.',
    ],
    [next.notBeforeS <= nowS + announcedMostS, 'policy.start', 'The start lies more than a year ahead.'],
    [
      !isAnnounced || next.notBeforeS < current.notAfterS,
      'policy.start',
      'No policy would be in force until that one starts.',
    ],
    [
      next.tariff.currency === current.tariff.currency,
      'policy.currency',
      'The books are kept in one currency; it cannot change.',
    ],
    [
      !isAnnounced || differsInRatesAlone(current.tariff, next.tariff),
      'policy.announced',
      'An announced change may change the rates per kWh, minute and idle minute alone: nothing else can change within a session.',
    ],
    [next.maximumHoldMinor > 0, 'policy.hold', 'Without a hold nothing can be sold.'],
    [
      next.firstSeenCapMinor <= next.firstSeenYoungCapMinor &&
        next.firstSeenYoungCapMinor <= next.firstSeenStepUpCapMinor,
      'policy.caps',
      'The caps on strangers must rise: without the passkey, young with it, with it.',
    ],
    [
      next.firstSeenCapMinor <= next.exposureCapMinor,
      'policy.caps',
      'A single stranger may not exceed what all may.',
    ],
    [
      next.sessionDurationMaxS > 0 && next.sessionEnergyMaxWh > 0,
      'policy.session',
      'A session needs time and energy.',
    ],
  ]
  const broken = rules.find(([holds]) => !holds)
  if (broken !== undefined) return { code: broken[1], detail: broken[2] }
  return policyFaultOf(next, celEngine)
}

/** What an offer can announce as its one timed change of price (PROTOCOL.md, rules of money 8). */
function differsInRatesAlone(before: CompactTariff, after: CompactTariff): boolean {
  return (
    before.perSession === after.perSession &&
    before.idleGraceMinutes === after.idleGraceMinutes &&
    before.taxBasisPoints === after.taxBasisPoints
  )
}

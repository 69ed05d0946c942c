/**
 * What a rule may ask about (docs/policy.md). Every fact has a value whoever asks, so that no rule fails for want of one;
 * those that a phone cannot know are marked, and a phone leaves rules that ask for them to the charger.
 */

import type { EpochSeconds } from '@/lib/core/units'
import type { ClockQuality } from '@/lib/protocol/common-fields'
import { isSiteBound, type Grant } from '@/lib/protocol/messages/grant'
import type { Policy } from '@/lib/protocol/messages/policy'
import { classOf } from './class-limits'
import { localHourAt } from './local-time'

type Kind = 'int' | 'string' | 'bool'
interface FactTraits {
  readonly kind: Kind
  /** Nothing can be said of it while the clock is unknown: the rule applies then (PROTOCOL.md, rules of money 4). */
  readonly isOfTime?: true
  /** Only the charger knows. */
  readonly isOfCharger?: true
}

export const ruleFactTraits = {
  holdMinor: { kind: 'int' },
  /** `roaming`, `site`, `fleet` or `card`. */
  grantKind: { kind: 'string' },
  /** Where the driver's key lives: `platform`, `sealed`, or `none` for a card. */
  tier: { kind: 'string' },
  /** 0: no fleet. */
  fleet: { kind: 'int' },
  vehicleClass: { kind: 'int' },
  stepUp: { kind: 'bool' },
  /** `unknown`, `relative` or `synchronised`. */
  clock: { kind: 'string' },
  /** Local, 0 to 1439. */
  minuteOfDay: { kind: 'int', isOfTime: true },
  /** Local, 1 is Monday. */
  weekday: { kind: 'int', isOfTime: true },
  connector: { kind: 'int' },
  /** The most that the bay may deliver as configured; 0 where nothing is. */
  connectorPowerW: { kind: 'int', isOfCharger: true },
  /** Sessions that this controller runs now, this one not counted. */
  openSessions: { kind: 'int', isOfCharger: true },
  /** Whole hours since the operator last confirmed this charger's log; 0 while it is in touch. */
  hoursOffline: { kind: 'int', isOfCharger: true },
} as const satisfies Record<string, FactTraits>

export type FactName = keyof typeof ruleFactTraits
type ValueOf<K extends Kind> = K extends 'int' ? number : K extends 'bool' ? boolean : string
export type RuleFacts = { readonly [N in FactName]: ValueOf<(typeof ruleFactTraits)[N]['kind']> }

export const factNames = Object.keys(ruleFactTraits) as readonly FactName[]
export const isFactName = (name: string): name is FactName => Object.hasOwn(ruleFactTraits, name)
export const traitsOf = (name: FactName): FactTraits => ruleFactTraits[name]

/** What only a charger can tell. */
export interface ChargerFacts {
  readonly connectorPowerW: number
  readonly openSessions: number
  readonly hoursOffline: number
}

export const noChargerFacts: ChargerFacts = { connectorPowerW: 0, openSessions: 0, hoursOffline: 0 }

export interface FactsQuestion {
  readonly policy: Pick<Policy, 'localTime'>
  /** Undefined: a card, which has none. */
  readonly grant: Pick<Grant, 'sites' | 'fleetRules' | 'keyProtection'> | undefined
  readonly holdMinor: number
  readonly stepUp: boolean
  readonly connectorId: number
  readonly nowS: EpochSeconds
  readonly clockQuality: ClockQuality
  readonly charger?: ChargerFacts
}

export function ruleFactsOf(question: FactsQuestion): RuleFacts {
  const { policy, grant, nowS } = question
  const hour = policy.localTime === undefined ? undefined : localHourAt(policy.localTime, nowS)
  return {
    holdMinor: question.holdMinor,
    grantKind: grantKindOf(grant),
    tier: grant?.keyProtection ?? 'none',
    fleet: grant?.fleetRules?.fleet ?? 0,
    vehicleClass: classOf(grant?.fleetRules),
    stepUp: question.stepUp,
    clock: question.clockQuality,
    minuteOfDay: hour?.minuteOfDay ?? 0,
    weekday: hour?.weekday ?? 1,
    connector: question.connectorId,
    ...(question.charger ?? noChargerFacts),
  }
}

function grantKindOf(grant: FactsQuestion['grant']): string {
  if (grant === undefined) return 'card'
  if (grant.fleetRules !== undefined) return 'fleet'
  return isSiteBound(grant as Grant) ? 'site' : 'roaming'
}

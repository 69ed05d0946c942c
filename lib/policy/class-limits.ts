/** What a class of vehicles gets under a policy: power, time, energy, and its weight where a cap is shared. */

import type { FleetRules } from '@/lib/protocol/messages/grant'
import type { Policy } from '@/lib/protocol/messages/policy'

/** Undefined: no limit of this kind. */
export interface SessionTerms {
  readonly powerMaxW: number | undefined
  readonly durationMaxS: number | undefined
  readonly energyMaxWh: number | undefined
}

export interface ClassTerms extends SessionTerms {
  readonly weight: number
}

/** Everybody without a fleet, and cards. */
export const classOf = (rules: FleetRules | undefined): number => rules?.vehicleClass ?? 0

export function classTerms({ classes }: Pick<Policy, 'classes'>, vehicleClass: number): ClassTerms {
  const found = classes?.find((one) => one.vehicleClass === vehicleClass)
  return {
    powerMaxW: limitOf(found?.powerMaxW),
    durationMaxS: limitOf(found?.durationMaxS),
    energyMaxWh: limitOf(found?.energyMaxWh),
    weight: found?.weight ?? 1,
  }
}

const limitOf = (value: number | undefined): number | undefined => (value === 0 ? undefined : value)

/** The lower of each. */
export const strictestTerms = (...terms: readonly SessionTerms[]): SessionTerms => ({
  powerMaxW: least(terms.map(({ powerMaxW }) => powerMaxW)),
  durationMaxS: least(terms.map(({ durationMaxS }) => durationMaxS)),
  energyMaxWh: least(terms.map(({ energyMaxWh }) => energyMaxWh)),
})

export function least(values: readonly (number | undefined)[]): number | undefined {
  const said = values.filter((value) => value !== undefined)
  return said.length === 0 ? undefined : Math.min(...said)
}

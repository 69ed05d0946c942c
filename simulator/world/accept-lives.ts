/** What an accept shows that a world has lived through, for its counts. */

import { riskDefaults, wholeUnits } from '@/lib/policy/defaults'
import type { LivedThing } from './lived'
import { worldCurrency } from './place'
import type { Consented, TrueAccept, Truth } from './truth'

const firstSeenCapMinor = wholeUnits(riskDefaults.firstSeenCap, worldCurrency)

export function livedByAccept(
  { sessionId, chargerId }: TrueAccept,
  { serial, payload, grant }: Consented,
  truth: Truth,
): readonly LivedThing[] {
  const isConfirmed = truth.confirmed.has(sessionId)
  const isAboveStranger = payload.holdMinor > firstSeenCapMinor
  const isRaised = truth.raises.some((raise) => raise.serial === serial && raise.chargerId === chargerId)
  const isSiteBound = grant.sites.length > 0 && grant.fleetRules === undefined
  return [
    ...(isSiteBound ? (['site-bound'] as const) : []),
    ...(grant.spendsMax === 1 ? (['guests'] as const) : []),
    ...(grant.fleetRules === undefined ? [] : (['fleet'] as const)),
    ...(isConfirmed && isAboveStranger ? (['step-ups'] as const) : []),
    ...(!isConfirmed && isAboveStranger && isRaised ? (['raises'] as const) : []),
  ]
}

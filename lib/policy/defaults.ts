/** The risk limits that an operator starts with, scaled to the currency's minor unit. */

import { minorUnitExponent } from '@/lib/core/currency'
import type { OperatorId } from '@/lib/core/ids'
import { addSeconds, minorUnits, seconds, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'
import type { Policy } from '@/lib/protocol/messages/policy'

const dayS = 86_400

/** Amounts in whole units of the currency; the reasons stand in docs/protocol. */
export const riskDefaults = {
  roamingCap: 100,
  roamingSessionCap: 60,
  roamingSpends: 8,
  roamingDays: 7,
  siteBoundCap: 300,
  siteBoundDays: 45,
  firstSeenCap: 15,
  firstSeenStepUpCap: 60,
  firstSeenYoungCap: 30,
  stepUpAbove: 30,
  exposureCap: 3_000,
  /** A hold outlives its grant by this long before it returns to the account. */
  holdOutlivesGrantDays: 30,
} as const

/** Whole currency units to minor units. */
export function wholeUnits(amount: number, currency: string): MinorUnits {
  const exponent = minorUnitExponent(currency)
  if (exponent === undefined) throw new RangeError(`Unsupported currency ${currency}`)
  return minorUnits(amount * 10 ** exponent)
}

export function defaultPolicy(
  operator: OperatorId,
  sequence: number,
  tariff: CompactTariff,
  fromS: EpochSeconds,
): Policy {
  const units = (amount: number): MinorUnits => wholeUnits(amount, tariff.currency)
  return {
    operator,
    sequence,
    notBeforeS: fromS,
    notAfterS: addSeconds(fromS, 90 * dayS),
    tariff,
    maximumHoldMinor: units(riskDefaults.roamingSessionCap),
    offerTimeToLiveS: 300,
    firstSeenCapMinor: units(riskDefaults.firstSeenCap),
    firstSeenStepUpCapMinor: units(riskDefaults.firstSeenStepUpCap),
    firstSeenYoungCapMinor: units(riskDefaults.firstSeenYoungCap),
    youngGrantS: seconds(dayS),
    stepUpAboveMinor: units(riskDefaults.stepUpAbove),
    exposureCapMinor: units(riskDefaults.exposureCap),
    sessionDurationMaxS: seconds(12 * 3_600),
    sessionEnergyMaxWh: 200_000,
  }
}

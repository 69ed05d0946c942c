/** What a usual stop costs at a price, for estimates that are marked as such. */

import { seconds, wattHours, type EpochSeconds } from '@/lib/core/units'
import type { TripPrice } from '@/components/driver/trip-view'
import { tariffAt } from '@/lib/policy/tariff-at'
import { rate } from '@/lib/tariff/rate'
import { policyAt, type TrustState } from '@/lib/wallet/trust-state'

/** A stop that many drivers make: enough for about 100 km, at 50 kW. */
export const usualEnergyWh = 20_000
export const usualDurationS = 1_440

/** The operator's price of this hour as this phone keeps it, signed; what counts in the end is the offer. */
export function priceOf(trust: TrustState | null, nowS: EpochSeconds): TripPrice | null {
  if (trust === null) return null
  const tariff = tariffAt(policyAt(trust, nowS), nowS)
  const usual = {
    energyWh: wattHours(usualEnergyWh),
    chargingS: seconds(usualDurationS),
    idleS: seconds(0),
  }
  return { tariff, estimate: { energyWh: usualEnergyWh, totalMinor: rate(tariff, usual).totalMinor } }
}

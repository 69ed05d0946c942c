/**
 * What a driver's grant may hold (PROTOCOL.md, risk limits): little and short where it is good everywhere, more and
 * longer at a few sites, because there one list of what was spent stands behind it. Pure.
 */

import type { CurrencyCode, SiteId } from '@/lib/core/ids'
import { addSeconds, epochSeconds, minorUnits, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import { riskDefaults, wholeUnits } from '@/lib/policy/defaults'

const dayS = 86_400
/** A driver at home charges once or twice a day. */
const siteBoundSpends = 100

export interface DriverTerms {
  /** Zero or less: there is nothing to take along. */
  readonly capMinor: MinorUnits
  readonly sessionCapMinor: MinorUnits
  readonly spendsMax: number
  readonly notAfterS: EpochSeconds
  readonly sites: readonly SiteId[]
}

export function driverTerms(
  order: { readonly sites: readonly SiteId[]; readonly capMinor?: number | undefined },
  availableMinor: number,
  currency: CurrencyCode,
  nowS: EpochSeconds,
): DriverTerms {
  const isRoaming = order.sites.length === 0
  const mostMinor = wholeUnits(isRoaming ? riskDefaults.roamingCap : riskDefaults.siteBoundCap, currency)
  const capMinor = minorUnits(Math.min(order.capMinor ?? mostMinor, mostMinor, availableMinor))
  return {
    capMinor,
    sessionCapMinor: isRoaming ? wholeUnits(riskDefaults.roamingSessionCap, currency) : capMinor,
    spendsMax: isRoaming ? riskDefaults.roamingSpends : siteBoundSpends,
    notAfterS: addSeconds(nowS, (isRoaming ? riskDefaults.roamingDays : riskDefaults.siteBoundDays) * dayS),
    sites: order.sites,
  }
}

/** How long a grant of the day after a recovery outlives it: enough for a night without a link. */
const graceS = 6 * 3_600

/** Little, and so short that the next grant with a connection is a whole one again. */
export function whileCoolingOff(
  terms: DriverTerms,
  { restMinor, untilS }: { readonly restMinor: MinorUnits; readonly untilS: EpochSeconds },
): DriverTerms {
  const capMinor = minorUnits(Math.min(terms.capMinor, restMinor))
  return {
    ...terms,
    capMinor,
    sessionCapMinor: minorUnits(Math.min(terms.sessionCapMinor, capMinor)),
    notAfterS: epochSeconds(Math.min(terms.notAfterS, untilS + graceS)),
  }
}

/** What a fleet's token becomes in a grant: the same words at the claim and at every renewal. */

import { siteId, type CurrencyCode } from '@/lib/core/ids'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import type { FleetTokenRow } from '../database/tables/fleets'
import type { Selectable } from 'kysely'
import type { GrantTerms } from './grants'

/** Spends under one fleet grant. */
export const fleetSpendsMax = 200

export type StoredToken = Selectable<FleetTokenRow> & { readonly fleet_number: number }

export function fleetTermsOf(
  token: StoredToken,
  currency: CurrencyCode,
): Omit<GrantTerms, 'serial' | 'deviceKey' | 'capMinor' | 'keyProtection'> {
  const power = token.connector_power_max_w
  return {
    holder: token.token_id,
    currency,
    sessionCapMinor: minorUnits(token.session_cap_minor),
    spendsMax: fleetSpendsMax,
    notAfterS: epochSeconds(token.expires_at_s),
    sites: token.sites.map((site) => siteId(site)),
    fleetRules: {
      fleet: token.fleet_number,
      vehicleClass: token.vehicle_class,
      dailyLimitMinor: minorUnits(token.daily_limit_minor),
      fromMinute: token.from_minute,
      toMinute: token.to_minute,
    },
    ...(power === null ? {} : { connectorPowerMaxW: power }),
  }
}

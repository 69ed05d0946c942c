/** Names that every world shares. */

import { currencyCode, operatorId } from '@/lib/core/ids'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'

export const worldOperator = operatorId('world')
export const worldCurrency = currencyCode('EUR')
/** Of the driver app, whose passkeys step up. */
export const worldOrigin = 'https://charge.example.org'

export const worldFleet = 'fleet-a'

/** Where chargers stand; a site with one charger keeps its own book of what site-bound grants have spent. */
export const siteLabels = { kinross: 'Kinross Services', perth: 'Perth Yard' } as const
export type WorldSite = keyof typeof siteLabels

/** Above them are the logs that a stolen key makes up. */
export const honestEpochsMax = 1_000

/** Until a world sets its own price. */
export const openingTariff: CompactTariff = {
  currency: worldCurrency,
  energyPerKwh: 4_900,
  timePerMinute: 0,
  perSession: 0,
  idlePerMinute: 0,
  idleGraceMinutes: 15,
  taxBasisPoints: 1_900,
}

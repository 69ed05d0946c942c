/** Names that every world shares. */

import { currencyCode, operatorId } from '@/lib/core/ids'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'

export const worldOperator = operatorId('world')
export const worldCurrency = currencyCode('EUR')
/** Of the driver app, whose passkeys step up. */
export const worldOrigin = 'https://charge.example.org'

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

/**
 * The whole price of a session, small enough for an offer. Rates are tax-inclusive integers in 10⁻⁴ of the
 * currency's major unit (the resolution of OCPI prices): 4900 is €0.49. Components follow AFIR's order: per kWh,
 * per minute, per session, other (idle).
 */

import { currencyField, timeField } from '../common-fields'
import { tuple, uint, type PayloadOf } from '../fields'

/** Up to 1,000 major units per kWh, minute or session. */
export const rateField = uint(10_000_000)

export const compactTariffField = tuple({
  currency: currencyField,
  energyPerKwh: rateField,
  timePerMinute: rateField,
  perSession: rateField,
  idlePerMinute: rateField,
  /** Minutes after the last energy before idle time counts. */
  idleGraceMinutes: uint(1_440),
  /** Basis points of the net price, contained in the rates: 1900 is 19 %. */
  taxBasisPoints: uint(10_000),
})

export type CompactTariff = PayloadOf<typeof compactTariffField>

/**
 * The one change of price that an offer may announce (rules of money 8): from this time on these rates hold.
 * Currency, tax, the fee per session and the idle grace stay as they were.
 */
export const tariffChangeField = tuple({
  atS: timeField,
  energyPerKwh: rateField,
  timePerMinute: rateField,
  idlePerMinute: rateField,
})

export type TariffChange = PayloadOf<typeof tariffChangeField>

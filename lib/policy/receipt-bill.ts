/** A receipt's bill by our own reckoning: from its registers, the offer's tariff and the hold. */

import { minorUnitExponent } from '@/lib/core/currency'
import { seconds, wattHours, type MinorUnits } from '@/lib/core/units'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'
import type { Offer } from '@/lib/protocol/messages/offer'
import type { Receipt } from '@/lib/protocol/messages/receipt'
import { billFor, type Bill } from '@/lib/tariff/rate'

/**
 * Undefined where the registers run backwards, where the figures at a change of price are not within the session's,
 * and for a currency in which nothing can be sold. A receipt that says nothing about a change that came before its
 * end is taken at the cheaper of the two prices: the charger had to tell.
 */
export function recomputeBill(
  receipt: Receipt,
  { tariff, tariffChange }: Pick<Offer, 'tariff' | 'tariffChange'>,
  holdMinor: MinorUnits,
): Bill | undefined {
  const { meterStartWh, meterStopWh, chargingS, idleS, startS, atChange } = receipt
  if (meterStopWh < meterStartWh || minorUnitExponent(tariff.currency) === undefined) return undefined
  const whole = { energyWh: wattHours(meterStopWh - meterStartWh), chargingS, idleS }
  const atOnePrice = billFor(tariff, whole, holdMinor)
  if (tariffChange === undefined) return atChange === undefined ? atOnePrice : undefined
  if (atChange !== undefined) {
    const beforeChange = {
      energyWh: wattHours(Math.max(0, atChange.registerWh - meterStartWh)),
      chargingS: atChange.chargingS,
      idleS: atChange.idleS,
    }
    const isWithin =
      atChange.registerWh >= meterStartWh &&
      atChange.registerWh <= meterStopWh &&
      atChange.chargingS <= chargingS &&
      atChange.idleS <= idleS
    return isWithin ? billFor(tariff, { ...whole, beforeChange }, holdMinor, tariffChange) : undefined
  }
  if (startS + chargingS + idleS <= tariffChange.atS) return atOnePrice
  const nothing = { energyWh: wattHours(0), chargingS: seconds(0), idleS: seconds(0) }
  const atTheOther = billFor(tariff, { ...whole, beforeChange: nothing }, holdMinor, tariffChange)
  return atTheOther.totalMinor < atOnePrice.totalMinor ? atTheOther : atOnePrice
}

/** Whether the receipt charges exactly this: total, tax and every line, in the tariff's currency. */
export const chargesExactly = (
  { totalMinor, taxMinor, lines, currency }: Receipt,
  bill: Bill | undefined,
  tariff: CompactTariff,
): boolean =>
  bill !== undefined &&
  currency === tariff.currency &&
  totalMinor === bill.totalMinor &&
  taxMinor === bill.taxMinor &&
  lines.energyMinor === bill.lines.energyMinor &&
  lines.timeMinor === bill.lines.timeMinor &&
  lines.sessionMinor === bill.lines.sessionMinor &&
  lines.idleMinor === bill.lines.idleMinor

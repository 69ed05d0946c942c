/** A receipt's bill by our own reckoning: from its registers, the offer's tariff and the hold. */

import { minorUnitExponent } from '@/lib/core/currency'
import { wattHours, type MinorUnits } from '@/lib/core/units'
import type { CompactTariff } from '@/lib/protocol/messages/compact-tariff'
import type { Receipt } from '@/lib/protocol/messages/receipt'
import { billFor, type Bill } from '@/lib/tariff/rate'

/** Undefined where the registers run backwards, and for a currency in which nothing can be sold. */
export function recomputeBill(
  { meterStartWh, meterStopWh, chargingS, idleS }: Receipt,
  tariff: CompactTariff,
  holdMinor: MinorUnits,
): Bill | undefined {
  if (meterStopWh < meterStartWh || minorUnitExponent(tariff.currency) === undefined) return undefined
  return billFor(tariff, { energyWh: wattHours(meterStopWh - meterStartWh), chargingS, idleS }, holdMinor)
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

/** Energy and power as people read them, from whole watt-hours and watts. */

import { decimalText } from './decimal'
import { numberFormat } from './intl-cache'
import type { Locale } from './locale'

/** Unit and figure never part at the end of a line. */
const joined = (figure: string, unit: string): string => `${figure}\u00a0${unit}`

const inThousands = (locale: Locale, value: number, decimals: number): string =>
  numberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(
    decimalText(value, 3),
  )

/** "850 Wh" below one kWh, else "12.3 kWh". */
export function formatEnergy(locale: Locale, energyWh: number): string {
  if (energyWh < 1000) return joined(numberFormat(locale, {}).format(energyWh), 'Wh')
  return joined(inThousands(locale, energyWh, 1), 'kWh')
}

/** Every watt-hour, for receipts and meters: "12.345 kWh". */
export const formatEnergyExact = (locale: Locale, energyWh: number): string =>
  joined(inThousands(locale, energyWh, 3), 'kWh')

/** "850 W" below one kW, else "11.0 kW". */
export function formatPower(locale: Locale, powerW: number): string {
  if (powerW < 1000) return joined(numberFormat(locale, {}).format(powerW), 'W')
  return joined(inThousands(locale, powerW, 1), 'kW')
}

/** Money and prices as people read them. Amounts are integers in the minor unit of their currency. */

import { minorUnitExponent } from '@/lib/core/currency'
import { decimalText } from './decimal'
import { numberFormat } from './intl-cache'
import type { Locale } from './locale'

/** Currencies that cannot be sold cannot reach a screen either, so an unknown one is a bug; two decimals keep it legible. */
const exponentOf = (currency: string): number => minorUnitExponent(currency) ?? 2

/** `(1240, 'EUR')` → "€12.40" or "12,40 €". */
export function formatMoney(locale: Locale, amountMinor: number, currency: string): string {
  const exponent = exponentOf(currency)
  const format = numberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  })
  return format.format(decimalText(amountMinor, exponent))
}

/** For choices and limits: "€40" instead of "€40.00", but "€12.40" stays. */
export function formatMoneyShort(locale: Locale, amountMinor: number, currency: string): string {
  const exponent = exponentOf(currency)
  if (amountMinor % 10 ** exponent !== 0) return formatMoney(locale, amountMinor, currency)
  const format = numberFormat(locale, { style: 'currency', currency, maximumFractionDigits: 0 })
  return format.format(decimalText(amountMinor, exponent))
}

/** A rate in 10⁻⁴ of the major unit: at least the currency's decimals, at most four. `(4950, 'EUR')` → "€0.495". */
export function formatRate(locale: Locale, rate: number, currency: string): string {
  const exponent = exponentOf(currency)
  const format = numberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: exponent,
    maximumFractionDigits: Math.max(4, exponent),
  })
  return format.format(decimalText(rate, 4))
}

/** Basis points as per cent: 1900 → "19%" or "19 %". */
export function formatPercent(locale: Locale, basisPoints: number): string {
  return numberFormat(locale, { style: 'percent', maximumFractionDigits: 2 }).format(
    decimalText(basisPoints, 4),
  )
}

/** A number alone, as few decimals as it needs: for an axis whose unit stands above it. */
export const formatPlain = (locale: Locale, value: number, decimals: number): string =>
  numberFormat(locale, { maximumFractionDigits: decimals }).format(decimalText(value, decimals))

/** `(2500, 'EUR')` → "25". */
export const formatAmount = (locale: Locale, amountMinor: number, currency: string): string =>
  formatPlain(locale, amountMinor, exponentOf(currency))

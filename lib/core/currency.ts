/** How many decimals the minor unit of a currency has (ISO 4217). Only currencies listed here can be sold. */

import { currencyCode, type CurrencyCode } from './ids'

const exponents = {
  EUR: 2,
  USD: 2,
  GBP: 2,
  CHF: 2,
  SEK: 2,
  NOK: 2,
  DKK: 2,
  PLN: 2,
  CZK: 2,
  AUD: 2,
  CAD: 2,
  NZD: 2,
  ZAR: 2,
  KES: 2,
  INR: 2,
  JPY: 0,
  CLP: 0,
  ISK: 0,
  KWD: 3,
  TND: 3,
} as const satisfies Record<string, number>

/** Decimals of the minor unit, or undefined when the currency is not supported. */
export const minorUnitExponent = (currency: string): number | undefined =>
  Object.hasOwn(exponents, currency) ? exponents[currency as keyof typeof exponents] : undefined

export const EUR: CurrencyCode = currencyCode('EUR')

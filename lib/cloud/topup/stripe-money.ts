/** Amounts as Stripe writes them: mostly the minor unit of the currency, with its own exceptions. */

import { minorUnitExponent } from '@/lib/core/currency'

/** Stripe counts these in hundredths although the currency has none. */
const hundredfold: readonly string[] = ['ISK']

export function stripeAmount(amountMinor: number, currency: string): number {
  if (minorUnitExponent(currency) === 3)
    throw new Error(`Stripe cannot take single thousandths of ${currency}; use another card provider.`)
  return hundredfold.includes(currency) ? amountMinor * 100 : amountMinor
}

export const fromStripeAmount = (amount: number, currency: string): number =>
  hundredfold.includes(currency) ? Math.floor(amount / 100) : amount

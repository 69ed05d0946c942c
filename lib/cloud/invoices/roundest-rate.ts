/** The tax rate of a session whose offer was deleted after its time, from its amounts. */

import { divide } from '@/lib/core/divide'

/** A whole per cent, then a half, a tenth, a hundredth. */
const steps = [100, 50, 10, 1]
const rateMax = 10_000

/** In basis points: the roundest rate by which this much tax stands in this much gross, rounded half up as tariffs do. */
export function roundestRate(grossMinor: number, taxMinor: number): number {
  const netMinor = grossMinor - taxMinor
  if (taxMinor <= 0 || netMinor <= 0) return 0
  const exact = Math.min(rateMax, (taxMinor * 10_000) / netMinor)
  const rates = steps.map((step) => Math.round(exact / step) * step)
  return rates.find((rate) => taxWithin(grossMinor, rate) === taxMinor) ?? Math.round(exact)
}

const taxWithin = (grossMinor: number, rate: number): number =>
  Number(divide(BigInt(grossMinor) * BigInt(rate), BigInt(10_000 + rate), 'half-up'))

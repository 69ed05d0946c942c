/**
 * Decimal strings to integers without passing through floating point: 0.1 + 0.2 has no business in a meter reading.
 */

const decimalPattern = /^([+-]?)(\d{1,18})(?:\.(\d{1,18}))?$/

/**
 * `text` × 10^`shift`, rounded half up in its magnitude (−0.5 → −1), as a safe integer; undefined for anything that
 * is not a plain decimal number (exponents, separators, "NaN") or does not fit.
 */
export function decimalToInteger(text: string, shift: number): number | undefined {
  const match = decimalPattern.exec(text.trim())
  if (match === null) return undefined
  const [, sign = '', whole = '', fraction = ''] = match
  const kept = fraction.slice(0, shift).padEnd(shift, '0')
  const roundsUp = fraction.charCodeAt(shift) >= '5'.charCodeAt(0)
  const magnitude = BigInt(whole + kept) + (roundsUp ? 1n : 0n)
  if (magnitude > BigInt(Number.MAX_SAFE_INTEGER)) return undefined
  return magnitude === 0n ? 0 : Number(magnitude) * (sign === '-' ? -1 : 1)
}

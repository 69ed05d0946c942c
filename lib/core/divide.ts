/** The one division of integers. Every caller names its rounding, so none is decided by accident. */

export type Rounding = 'down' | 'up' | 'half-up'

/** Quotient of two non-negative integers. Throws RangeError on a zero or negative divisor or a negative dividend. */
export function divide(dividend: bigint, divisor: bigint, rounding: Rounding): bigint {
  if (divisor <= 0n || dividend < 0n) throw new RangeError(`Cannot divide ${dividend} by ${divisor}`)
  const quotient = dividend / divisor
  const remainder = dividend % divisor
  switch (rounding) {
    case 'down':
      return quotient
    case 'up':
      return remainder === 0n ? quotient : quotient + 1n
    case 'half-up':
      return remainder * 2n >= divisor ? quotient + 1n : quotient
  }
}

/** Integers with an implied decimal point, as exact decimal text. Nothing is ever divided in floating point. */

/** `(1240, 2)` → `'12.40'`, `(-5, 3)` → `'-0.005'`. */
export function decimalText(value: number, decimals: number): Intl.StringNumericLiteral {
  if (!Number.isSafeInteger(value)) throw new RangeError(`Not a safe integer: ${value}`)
  const sign = value < 0 ? '-' : ''
  const digits = String(Math.abs(value)).padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals)
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}` as Intl.StringNumericLiteral
}

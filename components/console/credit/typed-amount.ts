/** Amounts as people type them into a field: with either decimal sign, no thousands. */

/** 100 million whole units; the server has the same bound. */
const digitsMax = 8

/** Undefined: not an amount. Null: nothing typed. */
export function readTypedAmount(text: string, exponent: number): number | null | undefined {
  const plain = text.trim()
  if (plain === '') return null
  const parts = /^(\d+)(?:[.,](\d*))?$/.exec(plain)
  const [, whole = '', decimals = ''] = parts ?? []
  if (parts === null || whole.length > digitsMax || decimals.length > exponent) return undefined
  const value = Number(whole + decimals.padEnd(exponent, '0'))
  return value === 0 ? undefined : value
}

/** What would be typed for it. */
export const typedAmount = (amountMinor: number, exponent: number): string => {
  const scale = 10 ** exponent
  const rest = amountMinor % scale
  const whole = String((amountMinor - rest) / scale)
  return rest === 0 ? whole : `${whole}.${String(rest).padStart(exponent, '0')}`
}

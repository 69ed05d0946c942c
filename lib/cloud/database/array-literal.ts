/**
 * PostgreSQL's text form of an array, written in one go: the driver's own escapes each element with two regular
 * expressions, and batches have tens of thousands of them. Nearly all are names and numbers, which need no quotes.
 */

type Element = string | number | boolean | null

/** Letters, digits and signs that mean nothing within an array. */
const plain = /^[A-Za-z0-9_:/.+-]+$/
const spelledNull = /^null$/i
const toEscape = /["\\]/

/** A parameter for `${arrayOf(values)}::text[]`, or for an array of integers or truths. */
export function arrayOf(values: readonly Element[]): string {
  return `{${values.map(elementOf).join(',')}}`
}

function elementOf(value: Element): string {
  if (value === null) return 'NULL'
  if (typeof value !== 'string') return String(value)
  if (plain.test(value) && !spelledNull.test(value)) return value
  if (!toEscape.test(value)) return `"${value}"`
  return `"${value.replaceAll(/["\\]/g, (sign) => `\\${sign}`)}"`
}

/**
 * Reading fields of a payload that may break the schema. Chargers in the field send figures as strings, times
 * without zone and texts that are too long; what is needed is salvaged field by field, the rest is undefined.
 */

import { decimalToInteger } from './decimal'
import type { RawPayload } from './port'

/** transactionData, the deepest structure of OCPP 1.6, has 4 levels. */
const depthMax = 8

/** An object as it is; anything else (null, a list, a number) as an object without fields. */
export const asPayload = (value: unknown): RawPayload =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as RawPayload) : {}

/** A payload from the wire, without fields nested so deep that whoever walks them later would run out of stack. */
export const boundedPayload = (value: unknown): RawPayload =>
  Object.fromEntries(Object.entries(asPayload(value)).filter(([, content]) => isShallow(content, depthMax)))

function isShallow(value: unknown, levelsLeft: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return levelsLeft > 0 && Object.values(value).every((content) => isShallow(content, levelsLeft - 1))
}

/** Own fields only: "constructor" in a payload is data, not the object's. */
export const field = (payload: RawPayload, key: string): unknown =>
  Object.hasOwn(payload, key) ? payload[key] : undefined

/** Trimmed and cut to `charsMax`. */
export function textField(payload: RawPayload, key: string, charsMax: number): string | undefined {
  const value = field(payload, key)
  return typeof value === 'string' ? value.trim().slice(0, charsMax) : undefined
}

/** A JSON number or a decimal string, rounded half up. */
export function integerField(payload: RawPayload, key: string): number | undefined {
  const value = field(payload, key)
  if (typeof value !== 'number' && typeof value !== 'string') return undefined
  return decimalToInteger(String(value), 0)
}

export function enumField<T extends string>(
  payload: RawPayload,
  key: string,
  values: readonly T[],
): T | undefined {
  const value = field(payload, key)
  return values.find((candidate) => candidate === value)
}

export function listField(payload: RawPayload, key: string): readonly unknown[] {
  const value = field(payload, key)
  return Array.isArray(value) ? value : []
}

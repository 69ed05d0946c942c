/** Reads JSON of unknown shape. Every reader gives undefined where the value is not what was asked for. */

export type JsonObject = Readonly<Record<string, unknown>>

export const asObject = (value: unknown): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined

export const asText = (value: unknown, lengthMax: number): string | undefined =>
  typeof value === 'string' && value.length > 0 && value.length <= lengthMax ? value : undefined

export const asInteger = (value: unknown, min: number, max: number): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max ? value : undefined

export const asChoice = <const T extends string>(value: unknown, choices: readonly T[]): T | undefined =>
  choices.find((choice) => choice === value)

/** All items as `read` gives them, or undefined when one is not right or there are too many. */
export function asList<T>(
  value: unknown,
  countMax: number,
  read: (item: unknown) => T | undefined,
): readonly T[] | undefined {
  if (!Array.isArray(value) || value.length > countMax) return undefined
  const items: T[] = []
  for (const entry of value as readonly unknown[]) {
    const item = read(entry)
    if (item === undefined) return undefined
    items.push(item)
  }
  return items
}

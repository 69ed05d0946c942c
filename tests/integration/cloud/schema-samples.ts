/** Bodies that a schema takes, made up from values at hand, and the places in it where a text may stand. */

import type { z } from 'zod'

/** What a schema of zod says of itself; only what is walked here. */
interface Walkable {
  readonly def: {
    readonly type: string
    readonly innerType?: z.ZodType
    readonly element?: z.ZodType
    readonly shape?: Readonly<Record<string, z.ZodType>>
    readonly options?: readonly z.ZodType[]
    readonly entries?: Readonly<Record<string, string>>
    readonly values?: readonly unknown[]
    readonly in?: z.ZodType
  }
}

const defOf = (schema: z.ZodType): Walkable['def'] => (schema as unknown as Walkable).def

export interface Place {
  /** Names from the outside in; lists count as their first element. */
  readonly path: readonly string[]
  readonly schema: z.ZodType
}

export const keyOf = (path: readonly string[]): string => path.join('.')

/** Every place where a text may stand, options of a choice one after the other. */
export function textPlaces(schema: z.ZodType, path: readonly string[] = []): readonly Place[] {
  const { type, innerType, element, shape, options, in: input } = defOf(schema)
  if (type === 'string') return [{ path, schema }]
  if (shape !== undefined)
    return Object.entries(shape).flatMap(([name, one]) => textPlaces(one, [...path, name]))
  if (options !== undefined) return options.flatMap((one) => textPlaces(one, path))
  const inner = innerType ?? element ?? input
  return inner === undefined ? [] : textPlaces(inner, path)
}

/** A value that the schema takes, with `chosen` where a place is named there; undefined where nothing at hand fits. */
export function sampleOf(
  schema: z.ZodType,
  chosen: ReadonlyMap<string, string>,
  texts: readonly string[],
  path: readonly string[] = [],
): unknown {
  const { type, innerType, element, shape, options, entries, values, in: input } = defOf(schema)
  if (type === 'optional' || type === 'nullable' || type === 'default' || type === 'prefault') {
    // What may be left out is, unless a place in it is named.
    const isNamed = [...chosen.keys()].some((key) => `${key}.`.startsWith(`${keyOf(path)}.`))
    if (isNamed && innerType !== undefined) return sampleOf(innerType, chosen, texts, path)
    return type === 'nullable' ? null : undefined
  }
  if (type === 'array') {
    const one = element === undefined ? undefined : sampleOf(element, chosen, texts, path)
    return one === undefined ? [] : [one]
  }
  if (shape !== undefined)
    return Object.fromEntries(
      Object.entries(shape)
        .map(([name, one]) => [name, sampleOf(one, chosen, texts, [...path, name])] as const)
        .filter(([, value]) => value !== undefined),
    )
  if (options !== undefined) return firstOf(options.map((one) => () => sampleOf(one, chosen, texts, path)))
  if (entries !== undefined) return Object.values(entries)[0]
  if (values !== undefined) return values[0]
  if (type === 'boolean') return true
  if (type === 'number' || type === 'bigint') return numbers.find((number) => takes(schema, number))
  if (type === 'string') {
    const named = chosen.get(keyOf(path))
    return named ?? texts.find((text) => takes(schema, text))
  }
  return input === undefined ? undefined : sampleOf(input, chosen, texts, path)
}

const numbers = [30, 5, 1, 0, 100, 1_000, 2_026, 1_800_000_000]

export const takes = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success

function firstOf(makers: readonly (() => unknown)[]): unknown {
  for (const make of makers) {
    const value = make()
    if (value !== undefined) return value
  }
  return undefined
}

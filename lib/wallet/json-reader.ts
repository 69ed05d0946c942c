/** Reads JSON that came over the network into typed values: wrong or missing fields throw `JsonFault` at the edge. */

export class JsonFault extends Error {}

export interface JsonReader {
  text(key: string): string
  integer(key: string): number
  object(key: string): JsonReader
  /** At most `countMax` objects. */
  objects(key: string, countMax: number): readonly JsonReader[]
  texts(key: string, countMax: number): readonly string[]
  /** Whether the field is there at all: newer answers say more. */
  has(key: string): boolean
  oneOf<const Names extends readonly string[]>(key: string, names: Names): Names[number]
  /** As it came, for libraries that check it themselves. */
  raw(key: string): unknown
}

export function jsonReader(value: unknown): JsonReader {
  if (typeof value !== 'object' || value === null) throw new JsonFault('object expected')
  const fields = value as Readonly<Record<string, unknown>>
  const list = (key: string, countMax: number): readonly unknown[] => {
    const items = fields[key]
    if (!Array.isArray(items) || items.length > countMax) throw new JsonFault(`${key}: list expected`)
    return items
  }
  const asText = (key: string, item: unknown): string => {
    if (typeof item !== 'string') throw new JsonFault(`${key}: text expected`)
    return item
  }
  return {
    text: (key) => asText(key, fields[key]),
    integer(key) {
      const number = fields[key]
      if (typeof number !== 'number' || !Number.isSafeInteger(number)) {
        throw new JsonFault(`${key}: integer expected`)
      }
      return number
    },
    object: (key) => jsonReader(fields[key]),
    objects: (key, countMax) => list(key, countMax).map((item) => jsonReader(item)),
    texts: (key, countMax) => list(key, countMax).map((item) => asText(key, item)),
    has: (key) => fields[key] !== undefined,
    oneOf(key, names) {
      const found = names.find((name) => name === fields[key])
      if (found === undefined) throw new JsonFault(`${key}: one of ${names.join(', ')} expected`)
      return found
    },
    raw: (key) => fields[key],
  }
}

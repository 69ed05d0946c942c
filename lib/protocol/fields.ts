/**
 * Typed codecs for CBOR values. A message is a map with small integer keys; `struct` builds its codec from one line
 * a field and refuses unknown keys, missing keys and values out of range.
 */

import { fromHex, toHex } from '@/lib/core/bytes'
import { err, ok, type Result } from '@/lib/core/result'
import type { CborMap, CborValue, DecodeFault } from './cbor'
import { CborReader } from './cbor-reader'

/** Method syntax keeps `Field<unknown>` assignable from every field. */
export interface Field<T> {
  encode(value: T): CborValue
  decode(value: CborValue, path: string): Result<T, DecodeFault>
  /**
   * Takes the value from a reader, without making anything of it in between. Undefined where `decode` would refuse it,
   * and nothing is said about why: whoever needs to know reads it once more, by `decode`. A field may be without.
   */
  read?(reader: CborReader): T | undefined
}

/**
 * A value that is all of `bytes`, by the field's `read`; undefined where it has none, or for the slower way to say what
 * is wrong. Byte strings in it are parts of `bytes`.
 */
export function readField<T>(field: Field<T>, bytes: Uint8Array): T | undefined {
  if (field.read === undefined) return undefined
  const reader = new CborReader(bytes, true)
  const value = field.read(reader)
  return reader.isAtEnd() ? value : undefined
}

const wrongShape = (path: string, expected: string): Result<never, DecodeFault> =>
  err({ kind: 'wrong-shape', path, expected })

/** Says where a part lies. Parts are decoded with an empty path: a path is built when something is wrong, not before. */
const within = (place: string, fault: DecodeFault): Result<never, DecodeFault> =>
  fault.kind === 'wrong-shape' ? err({ ...fault, path: place + fault.path }) : err(fault)

/** What a field holds in memory. */
export type PayloadOf<F> = F extends { encode(value: infer T): unknown } ? T : never

/** An integer in [min, max], turned into its branded unit by `brand`. */
export function integer<T extends number>(
  brand: (value: number) => T,
  { min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {},
): Field<T> {
  return {
    encode: (value) => value,
    decode: (value, path) =>
      typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max
        ? ok(brand(value))
        : wrongShape(path, `integer in ${min}..${max}`),
    ...(min >= 0 && {
      read: (reader: CborReader) => {
        const value = reader.takeUnsigned()
        return value !== undefined && value >= min && value <= max ? brand(value) : undefined
      },
    }),
  }
}

export const uint = (max: number): Field<number> => integer((value) => value, { max })

export const boolean: Field<boolean> = {
  encode: (value) => value,
  decode: (value, path) => (typeof value === 'boolean' ? ok(value) : wrongShape(path, 'boolean')),
  read: (reader) => reader.takeBoolean(),
}

/** Bytes of one exact length, in memory as branded lower-case hex. */
export function hexBytes<T extends string>(length: number, brand: (hex: string) => T): Field<T> {
  return {
    encode: (value) => fromHex(value),
    decode: (value, path) =>
      value instanceof Uint8Array && value.length === length
        ? ok(brand(toHex(value)))
        : wrongShape(path, `${length} bytes`),
    // Brands look at the length and at the digits, and of both there is nothing else here.
    read: (reader) => reader.takeHex(length) as T | undefined,
  }
}

export function bytesUpTo(lengthMax: number): Field<Uint8Array> {
  return {
    encode: (value) => value,
    decode: (value, path) =>
      value instanceof Uint8Array && value.length <= lengthMax
        ? ok(value)
        : wrongShape(path, `at most ${lengthMax} bytes`),
    read: (reader) => {
      const bytes = reader.takeBytes()
      return bytes !== undefined && bytes.length <= lengthMax ? bytes : undefined
    },
  }
}

/** Text that matches `pattern`, which must bound its length. */
export function text<T extends string>(pattern: RegExp, brand: (value: string) => T): Field<T> {
  return {
    encode: (value) => value,
    decode: (value, path) =>
      typeof value === 'string' && pattern.test(value)
        ? ok(brand(value))
        : wrongShape(path, `text ${pattern.source}`),
    read: (reader) => {
      const value = reader.takeText()
      return value !== undefined && pattern.test(value) ? brand(value) : undefined
    },
  }
}

/** Human-readable label: 1 to `lengthMax` characters, no control characters, so that it can be shown as it is. */
export const label = (lengthMax: number): Field<string> =>
  text(new RegExp(`^[^\\p{C}]{1,${lengthMax}}$`, 'u'), (value) => value)

/** One of a fixed list of names, on the wire as its index. */
export function choice<const Names extends readonly string[]>(names: Names): Field<Names[number]> {
  return {
    encode: (value) => names.indexOf(value),
    decode: (value, path) => {
      const name = typeof value === 'number' ? names[value] : undefined
      return name === undefined ? wrongShape(path, names.join('|')) : ok(name)
    },
    read: (reader) => names[reader.takeUnsigned() ?? -1],
  }
}

export function list<T>(item: Field<T>, countMax: number, countMin = 0): Field<readonly T[]> {
  return {
    encode: (values) => values.map((value) => item.encode(value)),
    decode: (value, path) => {
      if (!Array.isArray(value) || value.length > countMax || value.length < countMin)
        return wrongShape(path, `${countMin} to ${countMax} items`)
      const items: T[] = []
      for (const [index, entry] of value.entries()) {
        const decoded = item.decode(entry as CborValue, '')
        if (!decoded.ok) return within(`${path}[${index}]`, decoded.error)
        items.push(decoded.value)
      }
      return ok(items)
    },
    ...(item.read !== undefined && { read: listReader(item, countMax, countMin) }),
  }
}

const listReader =
  <T>(item: Field<T>, countMax: number, countMin: number) =>
  (reader: CborReader): readonly T[] | undefined => {
    const count = reader.openArray()
    if (count < countMin || count > countMax) return undefined
    const items: T[] = []
    for (let index = 0; index < count; index += 1) {
      const value = item.read?.(reader)
      if (value === undefined) return undefined
      items.push(value)
    }
    reader.close()
    return items
  }

interface Member<T, Required extends boolean> {
  readonly key: number
  readonly field: Field<T>
  readonly required: Required
}

export const at = <T>(key: number, field: Field<T>): Member<T, true> => ({ key, field, required: true })
export const optional = <T>(key: number, field: Field<T>): Member<T, false> => ({
  key,
  field,
  required: false,
})

type Members = Readonly<Record<string, Member<unknown, boolean>>>
type RequiredNames<M extends Members> = { [K in keyof M]: M[K]['required'] extends true ? K : never }[keyof M]
type ValueOf<M> = M extends Member<infer T, boolean> ? T : never

export type StructOf<M extends Members> = {
  readonly [K in RequiredNames<M>]: ValueOf<M[K]>
} & {
  readonly [K in Exclude<keyof M, RequiredNames<M>>]?: ValueOf<M[K]>
}

/** A map with exactly these integer keys. */
export function struct<const M extends Members>(members: M): Field<StructOf<M>> {
  const entries = Object.entries(members)
  const knownKeys = new Set(entries.map(([, member]) => member.key))
  return {
    encode: (value) => encodeMembers(entries, value as Readonly<Record<string, unknown>>),
    decode: (value, path) => {
      if (!(value instanceof Map)) return wrongShape(path, 'map')
      for (const key of value.keys()) {
        if (!knownKeys.has(key as number)) return wrongShape(`${path}.${String(key)}`, 'no such key')
      }
      return decodeMembers(entries, value as CborMap, path) as Result<StructOf<M>, DecodeFault>
    },
    ...(isReadable(entries) && {
      read: (reader: CborReader) => readMembers(entries, reader) as StructOf<M> | undefined,
    }),
  }
}

type MemberEntries = readonly (readonly [string, Member<unknown, boolean>])[]

function encodeMembers(entries: MemberEntries, value: Readonly<Record<string, unknown>>): CborMap {
  const map = new Map<number, CborValue>()
  for (const [name, member] of entries) {
    const field = value[name]
    if (field !== undefined) map.set(member.key, member.field.encode(field))
  }
  return map
}

function decodeMembers(entries: MemberEntries, map: CborMap, path: string): Result<object, DecodeFault> {
  const decoded: Record<string, unknown> = {}
  for (const [name, member] of entries) {
    const entry = map.get(member.key)
    if (entry === undefined) {
      if (member.required) return wrongShape(`${path}.${name}`, 'present')
      continue
    }
    const field = member.field.decode(entry, '')
    if (!field.ok) return within(`${path}.${name}`, field.error)
    decoded[name] = field.value
  }
  return ok(decoded)
}

const keyOfOneByteMax = 23

/** In the order of the wire, under keys of one byte, and each of them readable. */
const isReadable = (entries: MemberEntries): boolean =>
  entries.every(
    ([, { key, field }], index) =>
      field.read !== undefined && key <= keyOfOneByteMax && key > (entries[index - 1]?.[1].key ?? -1),
  )

function readMembers(entries: MemberEntries, reader: CborReader): object | undefined {
  let left = reader.openMap()
  const read: Record<string, unknown> = {}
  for (const [name, { key, field, required }] of entries) {
    if (left > 0 && reader.takeKey(key)) {
      const value = field.read?.(reader)
      if (value === undefined) return undefined
      read[name] = value
      left -= 1
    } else if (required) return undefined
  }
  reader.close()
  // What is left has a key that nobody knows, or stands where it must not; a map that is none has left −1.
  return left === 0 ? read : undefined
}

type Tuple<F extends Readonly<Record<string, Field<unknown>>>> = {
  readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never
}

/** A fixed-length array whose places have names in memory: the compact form for values that are always all there. */
export function tuple<const F extends Readonly<Record<string, Field<unknown>>>>(fields: F): Field<Tuple<F>> {
  const entries = Object.entries(fields)
  return {
    encode: (value) => entries.map(([name, field]) => field.encode((value as Record<string, unknown>)[name])),
    decode: (value, path) => {
      if (!Array.isArray(value) || value.length !== entries.length)
        return wrongShape(path, `${entries.length} items`)
      const decoded: Record<string, unknown> = {}
      for (const [index, [name, field]] of entries.entries()) {
        const item = field.decode(value[index] as CborValue, '')
        if (!item.ok) return within(`${path}.${name}`, item.error)
        decoded[name] = item.value
      }
      return ok(decoded as Tuple<F>)
    },
    ...(entries.every(([, field]) => field.read !== undefined) && {
      read: (reader: CborReader) => readPlaces(entries, reader) as Tuple<F> | undefined,
    }),
  }
}

function readPlaces(
  entries: readonly (readonly [string, Field<unknown>])[],
  reader: CborReader,
): object | undefined {
  if (reader.openArray() !== entries.length) return undefined
  const read: Record<string, unknown> = {}
  for (const [name, field] of entries) {
    const value = field.read?.(reader)
    if (value === undefined) return undefined
    read[name] = value
  }
  reader.close()
  return read
}

/**
 * A validator for the part of CDDL (RFC 8610) that `docs/protocol/outpost.cddl` uses: rules, choices, ranges, literals,
 * arrays and maps with occurrences, `.size`, `.regexp` and `.cbor`. It shares no code with the product's codecs, so
 * that the document and the code can contradict each other and be caught. What it does not know, it refuses to load.
 */

import { cdeDecodeOptions, decode, encode } from 'cbor2'

export type Schema = ReadonlyMap<string, Type>

type Type =
  | { readonly is: 'name'; readonly name: string }
  | { readonly is: 'literal'; readonly value: number | string | Uint8Array }
  | { readonly is: 'range'; readonly min: number; readonly max: number }
  | { readonly is: 'array' | 'map'; readonly entries: readonly Entry[] }
  | { readonly is: 'choice'; readonly types: readonly Type[] }
  | { readonly is: 'control'; readonly type: Type; readonly control: string; readonly argument: Type }

interface Entry {
  readonly min: number
  readonly max: number
  readonly key: number | undefined
  readonly type: Type
}

const token =
  /\s+|;[^\n]*|(h'[0-9a-f]*'|"(?:[^"\\]|\\.)*"|-?\d+\.\.-?\d+|\d+\*\d+|-?\d+|\.[a-z]+|[A-Za-z][A-Za-z0-9-]*|[=[\]{}()/,:?*+])/gy

function tokensOf(text: string): string[] {
  const tokens: string[] = []
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    const at = token.lastIndex
    const found = token.exec(text)
    if (found === null) throw new Error(`CDDL not understood: ${text.slice(at, at + 40)}`)
    if (found[1] !== undefined) tokens.push(found[1])
  }
  return tokens
}

const prelude = new Set(['bstr', 'tstr', 'uint', 'bool'])

export function parseCddl(text: string): Schema {
  const parser = new Parser(tokensOf(text))
  const schema = parser.rules()
  for (const name of parser.referenced) {
    if (!schema.has(name) && !prelude.has(name)) throw new Error(`No rule for ${name}`)
  }
  return schema
}

class Parser {
  readonly referenced = new Set<string>()
  #at = 0

  constructor(private readonly tokens: readonly string[]) {}

  rules(): Map<string, Type> {
    const rules = new Map<string, Type>()
    while (this.#at < this.tokens.length) {
      const name = this.#next()
      this.#expect('=')
      if (rules.has(name)) throw new Error(`Two rules for ${name}`)
      rules.set(name, this.#type())
    }
    return rules
  }

  #peek = (ahead = 0): string => this.tokens[this.#at + ahead] ?? ''
  #next = (): string => this.tokens[this.#at++] ?? ''

  #expect(wanted: string): void {
    const found = this.#next()
    if (found !== wanted) throw new Error(`${wanted} expected, ${found} found at token ${this.#at}`)
  }

  #type(): Type {
    const types = [this.#controlled()]
    while (this.#peek() === '/') {
      this.#next()
      types.push(this.#controlled())
    }
    const [only] = types
    return types.length === 1 && only !== undefined ? only : { is: 'choice', types }
  }

  #controlled(): Type {
    const type = this.#primary()
    if (!this.#peek().startsWith('.')) return type
    const control = this.#next()
    if (!['.size', '.regexp', '.cbor'].includes(control)) throw new Error(`Unknown control ${control}`)
    return { is: 'control', type, control, argument: this.#primary() }
  }

  #primary(): Type {
    const first = this.#next()
    const range = /^(-?\d+)\.\.(-?\d+)$/.exec(first)
    if (range !== null) return { is: 'range', min: Number(range[1]), max: Number(range[2]) }
    if (/^-?\d+$/.test(first)) return { is: 'literal', value: Number(first) }
    if (first.startsWith('"')) return { is: 'literal', value: JSON.parse(first) as string }
    if (first.startsWith("h'"))
      return { is: 'literal', value: Uint8Array.from(Buffer.from(first.slice(2, -1), 'hex')) }
    if (first === '[') return { is: 'array', entries: this.#group(']') }
    if (first === '{') return { is: 'map', entries: this.#group('}') }
    if (first === '(') {
      const inner = this.#type()
      this.#expect(')')
      return inner
    }
    if (!/^[A-Za-z]/.test(first)) throw new Error(`A type expected, ${first} found`)
    this.referenced.add(first)
    return { is: 'name', name: first }
  }

  #group(end: string): Entry[] {
    const entries: Entry[] = []
    while (this.#peek() !== end) {
      const [min, max] = this.#occurrence()
      const labelled = this.#peek(1) === ':'
      const label = labelled ? this.#next() : undefined
      if (labelled) this.#expect(':')
      const key = label !== undefined && /^\d+$/.test(label) ? Number(label) : undefined
      if (end === '}' && key === undefined) throw new Error('Maps have integer keys here')
      entries.push({ min, max, key, type: this.#type() })
      if (this.#peek() === ',') this.#next()
    }
    this.#next()
    return entries
  }

  #occurrence(): readonly [number, number] {
    const counts = /^(\d+)\*(\d+)$/.exec(this.#peek())
    if (counts !== null) {
      this.#next()
      return [Number(counts[1]), Number(counts[2])]
    }
    if (this.#peek() !== '?') return [1, 1]
    this.#next()
    return [0, 1]
  }
}

/** Whether `bytes` are one deterministically encoded item of this rule; inside `.cbor` the same is demanded. */
export function matchesBytes(schema: Schema, rule: string, bytes: Uint8Array): boolean {
  try {
    return matches(schema, { is: 'name', name: rule }, decodeItem(bytes))
  } catch {
    return false
  }
}

/** Deterministic CBOR by an independent library: it decodes, and what it encodes again are the same bytes. */
function decodeItem(bytes: Uint8Array): unknown {
  const value = decode(bytes, { ...cdeDecodeOptions, ...nothingForeign })
  if (Buffer.compare(encode(value, { cde: true }), bytes) !== 0) throw new Error('not deterministic')
  return value
}

const nothingForeign = {
  preferMap: true,
  rejectFloats: true,
  rejectUndefined: true,
  rejectBigInts: true,
  rejectDuplicateKeys: true,
  rejectStreaming: true,
} as const

function matches(schema: Schema, type: Type, value: unknown): boolean {
  switch (type.is) {
    case 'name':
      return matchesName(schema, type.name, value)
    case 'literal':
      return type.value instanceof Uint8Array
        ? value instanceof Uint8Array && Buffer.compare(value, type.value) === 0
        : value === type.value
    case 'range':
      return (
        typeof value === 'number' && Number.isSafeInteger(value) && value >= type.min && value <= type.max
      )
    case 'choice':
      return type.types.some((one) => matches(schema, one, value))
    case 'array':
      return Array.isArray(value) && matchesItems(schema, type.entries, value, 0, 0)
    case 'map':
      return value instanceof Map && matchesMap(schema, type.entries, value)
    case 'control':
      return matches(schema, type.type, value) && matchesControl(schema, type.control, type.argument, value)
  }
}

function matchesName(schema: Schema, name: string, value: unknown): boolean {
  const rule = schema.get(name)
  if (rule !== undefined) return matches(schema, rule, value)
  switch (name) {
    case 'bstr':
      return value instanceof Uint8Array
    case 'tstr':
      return typeof value === 'string'
    case 'uint':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    case 'bool':
      return typeof value === 'boolean'
    default:
      throw new Error(`No rule for ${name}`)
  }
}

function matchesItems(
  schema: Schema,
  entries: readonly Entry[],
  values: readonly unknown[],
  entryAt: number,
  valueAt: number,
): boolean {
  const entry = entries[entryAt]
  if (entry === undefined) return valueAt === values.length
  for (let taken = 0; taken <= entry.max; taken += 1) {
    if (taken >= entry.min && matchesItems(schema, entries, values, entryAt + 1, valueAt + taken)) return true
    const next = valueAt + taken
    if (next >= values.length || !matches(schema, entry.type, values[next])) return false
  }
  return false
}

function matchesMap(schema: Schema, entries: readonly Entry[], map: ReadonlyMap<unknown, unknown>): boolean {
  const known = new Set<unknown>(entries.map(({ key }) => key))
  return (
    [...map.keys()].every((key) => known.has(key)) &&
    entries.every(({ key, min, type }) => (map.has(key) ? matches(schema, type, map.get(key)) : min === 0))
  )
}

function matchesControl(schema: Schema, control: string, argument: Type, value: unknown): boolean {
  if (control === '.cbor') {
    try {
      return matches(schema, argument, decodeItem(value as Uint8Array))
    } catch {
      return false
    }
  }
  if (control === '.size') return matches(schema, argument, (value as Uint8Array).length)
  if (argument.is !== 'literal' || typeof argument.value !== 'string') throw new Error('.regexp wants a text')
  return new RegExp(`^(?:${argument.value})$`, 'u').test(value as string)
}

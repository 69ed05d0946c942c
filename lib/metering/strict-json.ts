/**
 * JSON (RFC 8259) that has exactly one meaning. A meter's signature covers text; two readers that understand the text
 * differently would let one signature prove two readings. So: no key twice, no lone surrogates, no text behind the value,
 * and numbers stay the digits that were signed.
 */

import { err, ok, type Result } from '@/lib/core/result'

/** A number as it was written. */
export interface JsonNumber {
  readonly digits: string
}
export type JsonValue = string | boolean | null | JsonNumber | readonly JsonValue[] | JsonObject
export type JsonObject = ReadonlyMap<string, JsonValue>

const depthMax = 6
const entriesMax = 512

/** The caller bounds the length of `text`. */
export function parseStrictJson(text: string): Result<JsonValue, string> {
  try {
    const reader = new Reader(text)
    const value = reader.value(0)
    reader.end()
    return ok(value)
  } catch (error) {
    if (error instanceof Malformed) return err(error.message)
    throw error
  }
}

export const isJsonObject = (value: JsonValue | undefined): value is JsonObject => value instanceof Map

export const isJsonNumber = (value: JsonValue | undefined): value is JsonNumber =>
  typeof value === 'object' && value !== null && 'digits' in value

class Malformed extends Error {}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const stringPattern = /"((?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*)"/y
const spacePattern = /[ \t\n\r]*/y
const wordPattern = /true|false|null/y

class Reader {
  readonly #text: string
  #at = 0
  #entries = 0

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): JsonValue {
    if (depth > depthMax) throw new Malformed('too deep')
    this.#entries += 1
    if (this.#entries > entriesMax) throw new Malformed('too many entries')
    this.#take(spacePattern)
    const value = this.#bare(depth)
    this.#take(spacePattern)
    return value
  }

  end(): void {
    if (this.#at !== this.#text.length) throw new Malformed(`text behind the value at ${this.#at}`)
  }

  #bare(depth: number): JsonValue {
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth)
      case '[':
        return this.#array(depth)
      case '"':
        return this.#string()
      default: {
        const word = this.#take(wordPattern)
        if (word !== undefined) return word === 'null' ? null : word === 'true'
        const digits = this.#take(numberPattern)
        if (digits === undefined) throw new Malformed(`no value at ${this.#at}`)
        return { digits }
      }
    }
  }

  #object(depth: number): JsonObject {
    const members = new Map<string, JsonValue>()
    this.#at += 1
    this.#take(spacePattern)
    if (this.#skip('}')) return members
    do {
      this.#take(spacePattern)
      const key = this.#string()
      this.#take(spacePattern)
      if (!this.#skip(':')) throw new Malformed(`no colon at ${this.#at}`)
      if (members.has(key)) throw new Malformed(`twice ${key.slice(0, 20)}`)
      members.set(key, this.value(depth + 1))
    } while (this.#skip(','))
    if (!this.#skip('}')) throw new Malformed(`open object at ${this.#at}`)
    return members
  }

  #array(depth: number): readonly JsonValue[] {
    const items: JsonValue[] = []
    this.#at += 1
    this.#take(spacePattern)
    if (this.#skip(']')) return items
    do items.push(this.value(depth + 1))
    while (this.#skip(','))
    if (!this.#skip(']')) throw new Malformed(`open list at ${this.#at}`)
    return items
  }

  #string(): string {
    const quoted = this.#take(stringPattern)
    if (quoted === undefined) throw new Malformed(`no text at ${this.#at}`)
    // The pattern leaves only what every JSON reader takes the same way.
    const text = JSON.parse(quoted) as string
    if (/\p{Surrogate}/u.test(text)) throw new Malformed('half a character')
    return text
  }

  #skip(character: string): boolean {
    const isThere = this.#text[this.#at] === character
    if (isThere) this.#at += 1
    return isThere
  }

  /** Undefined where it does not stand here. */
  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found === undefined) return undefined
    this.#at += found.length
    return found
  }
}

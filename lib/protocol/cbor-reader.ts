/**
 * Reads deterministic CBOR from hostile input in one pass. Every length is checked against what is there before
 * anything is made of it, nesting and entries are capped, and each rule of RFC 8949 §4.2.1 is checked where its bytes
 * are read: what comes out would be encoded to the very same bytes. Tests hold it to two other implementations.
 */

import { hexWithin } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'

/** What our messages are made of: no floats, tags, big integers, null or undefined. */
export type CborValue = number | string | boolean | Uint8Array | readonly CborValue[] | CborMap
export type CborMap = ReadonlyMap<number, CborValue>

export type DecodeFault =
  | { readonly kind: 'too-large'; readonly bytes: number; readonly bytesMax: number }
  | { readonly kind: 'malformed'; readonly detail: string }
  | { readonly kind: 'not-deterministic' }
  | { readonly kind: 'wrong-shape'; readonly path: string; readonly expected: string }

const majorType = {
  unsigned: 0,
  negative: 1,
  byteString: 2,
  textString: 3,
  array: 4,
  map: 5,
  tag: 6,
  simple: 7,
} as const

/** The least argument that needs the bytes of each additional information from 24 on. */
const leastArguments = [24, 0x100, 0x1_00_00, 0x1_00_00_00_00] as const
const [falseValue, trueValue] = [20, 21]

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** Up to this length a text of ASCII alone is built faster by hand than by a decoder. */
const shortTextMax = 64

/** For one reading of one input. A read gives undefined after a fault, and `fault` says which. */
export class CborReader {
  fault: DecodeFault = { kind: 'malformed', detail: 'truncated' }
  private readonly bytes: Uint8Array
  private offset = 0
  private entries = 0
  private major = 0
  private argument = 0

  private depth = 1

  /** Byte strings are views of `bytes` where they are read in place, else copies. */
  constructor(
    bytes: Uint8Array,
    private readonly isInPlace: boolean,
  ) {
    // A plain view: cutting pieces out of a Buffer would give Buffers.
    this.bytes =
      bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  readAll(): CborValue | undefined {
    const value = this.readValue(1)
    if (value === undefined || this.offset === this.bytes.length) return value
    return this.malformed('trailing bytes')
  }

  /*
   * For whoever knows what must come. Each takes a value of its kind, or gives undefined (−1 for a count) where there is
   * none or where it breaks a rule; then this reader is of no more use. The rules are those of `readAll`.
   */

  takeUnsigned(): number | undefined {
    return this.readHead() && this.major === majorType.unsigned ? this.argument : undefined
  }

  takeBoolean(): boolean | undefined {
    return this.readHead() && this.major === majorType.simple ? this.argument === trueValue : undefined
  }

  takeBytes(): Uint8Array | undefined {
    return this.readHead() && this.major === majorType.byteString ? this.readBytes(this.argument) : undefined
  }

  /** A byte string of just this length, as hex. */
  takeHex(length: number): string | undefined {
    if (!this.readHead() || this.major !== majorType.byteString || this.argument !== length) return undefined
    const start = this.offset
    this.offset += length
    return this.offset > this.bytes.length ? undefined : hexWithin(this.bytes, start, this.offset)
  }

  takeText(): string | undefined {
    return this.readHead() && this.major === majorType.textString ? this.readText(this.argument) : undefined
  }

  /** Gives how many items follow; `close` after them. */
  openArray(): number {
    return this.open(majorType.array)
  }

  /** Gives how many keys follow, each with its value; `close` after them. They have to be taken in ascending order. */
  openMap(): number {
    return this.open(majorType.map)
  }

  close(): void {
    this.depth -= 1
  }

  /** Takes the key, of one byte, if it is the next. */
  takeKey(key: number): boolean {
    if (this.bytes[this.offset] !== key || this.entries >= limits.cborEntriesMax) return false
    this.offset += 1
    this.entries += 1
    return true
  }

  isAtEnd(): boolean {
    return this.offset === this.bytes.length
  }

  private open(major: number): number {
    if (!this.readHead() || this.major !== major || !this.mayOpen(this.argument, this.depth)) return -1
    this.depth += 1
    return this.argument
  }

  private readValue(depth: number): CborValue | undefined {
    if (!this.readHead()) return undefined
    const { argument } = this
    switch (this.major) {
      case majorType.unsigned:
        return argument
      case majorType.negative:
        return argument < Number.MAX_SAFE_INTEGER ? -1 - argument : this.malformed('integer out of range')
      case majorType.byteString:
        return this.readBytes(argument)
      case majorType.textString:
        return this.readText(argument)
      case majorType.array:
        return this.mayOpen(argument, depth) ? this.readArray(argument, depth + 1) : undefined
      case majorType.map:
        return this.mayOpen(argument, depth) ? this.readMap(argument, depth + 1) : undefined
      default:
        return argument === trueValue
    }
  }

  private readArray(count: number, depth: number): readonly CborValue[] | undefined {
    const items: CborValue[] = []
    for (let index = 0; index < count; index += 1) {
      const item = this.readValue(depth)
      if (item === undefined) return undefined
      items.push(item)
    }
    return items
  }

  private readMap(count: number, depth: number): CborMap | undefined {
    const map = new Map<number, CborValue>()
    // Ascending by bytes: all that are not negative by size, then the negative ones away from zero.
    let lastMajor = -1
    let lastArgument = -1
    for (let index = 0; index < count; index += 1) {
      if (!this.readHead()) return undefined
      const { major, argument } = this
      // Values made of values as keys are nobody's message.
      if (major > majorType.negative) return this.malformed('keys are integers')
      if (major === lastMajor && argument === lastArgument) return this.malformed('a key twice')
      if (major < lastMajor || (major === lastMajor && argument < lastArgument)) return this.twoSpellings()
      lastMajor = major
      lastArgument = argument
      if (major === majorType.negative && argument === Number.MAX_SAFE_INTEGER)
        return this.malformed('integer out of range')
      const value = this.readValue(depth)
      if (value === undefined) return undefined
      map.set(major === majorType.negative ? -1 - argument : argument, value)
    }
    return map
  }

  private mayOpen(count: number, depth: number): boolean {
    if (depth >= limits.cborDepthMax) this.malformed('nested too deeply')
    else if (count > limits.cborEntriesMax) this.malformed('too many entries')
    else return true
    return false
  }

  private readBytes(length: number): Uint8Array | undefined {
    const start = this.offset
    const end = start + length
    if (end > this.bytes.length) return this.malformed('truncated')
    this.offset = end
    return this.isInPlace ? this.bytes.subarray(start, end) : this.bytes.slice(start, end)
  }

  private readText(length: number): string | undefined {
    const start = this.offset
    const end = start + length
    if (end > this.bytes.length) return this.malformed('truncated')
    this.offset = end
    if (length <= shortTextMax && this.isAscii(start, end))
      return String.fromCharCode(...this.bytes.subarray(start, end))
    const encoded = this.bytes.subarray(start, end)
    // Other decoders drop a byte order mark: a text that begins with one would not be the same for everybody.
    if (encoded[0] === 0xef && encoded[1] === 0xbb && encoded[2] === 0xbf) return this.twoSpellings()
    try {
      return strictUtf8.decode(encoded)
    } catch {
      return this.twoSpellings()
    }
  }

  private isAscii(start: number, end: number): boolean {
    for (let at = start; at < end; at += 1) if ((this.bytes[at] ?? 0) >= 0x80) return false
    return true
  }

  /** Sets `major` and `argument`. False after a fault. */
  private readHead(): boolean {
    const initial = this.bytes[this.offset]
    this.entries += 1
    if (initial === undefined) return this.refuse('truncated')
    if (this.entries > limits.cborEntriesMax) return this.refuse('too many entries')
    this.offset += 1
    this.major = initial >> 5
    this.argument = initial & 0x1f
    if (this.major === majorType.tag) return this.refuse('tags are not allowed')
    if (this.major === majorType.simple)
      return this.argument === falseValue || this.argument === trueValue
        ? true
        : this.refuse('only true and false are allowed')
    return this.argument < 24 || this.readArgument(this.argument - 24)
  }

  /** `size` is 0 for one byte, 1 for two, 2 for four, 3 for eight. */
  private readArgument(size: number): boolean {
    const least = leastArguments[size]
    if (least === undefined) return this.refuse('indefinite lengths are not allowed')
    const end = this.offset + (1 << size)
    if (end > this.bytes.length) return this.refuse('truncated')
    let argument = 0
    for (; this.offset < end; this.offset += 1) argument = argument * 256 + (this.bytes[this.offset] ?? 0)
    if (argument > Number.MAX_SAFE_INTEGER) return this.refuse('integer out of range')
    if (argument < least) return this.refuse('a head longer than it need be')
    this.argument = argument
    return true
  }

  private refuse(detail: string): false {
    this.fault = { kind: 'malformed', detail }
    return false
  }

  private malformed(detail: string): undefined {
    this.refuse(detail)
  }

  /** Well-formed, and an encoder that keeps to the rules would have written other bytes. */
  private twoSpellings(): undefined {
    this.fault = { kind: 'not-deterministic' }
  }
}

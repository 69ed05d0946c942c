/**
 * Deterministic CBOR (RFC 8949 §4.2.1) over `cborg`, for hostile input: size and nesting are capped by a scan that
 * does not recurse, then the bytes are decoded, then re-encoded; only bytes that come back identical are accepted.
 * That one comparison refuses unsorted or duplicate keys, long integers, bad UTF-8 and every other second spelling.
 */

import { decode, encode, rfc8949EncodeOptions } from 'cborg'
import { equalBytes, toBytes, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { err, ok, type Result } from '@/lib/core/result'

/** What our messages are made of: no floats, tags, big integers, null or undefined. */
export type CborValue = number | string | boolean | Uint8Array | readonly CborValue[] | CborMap
export type CborMap = ReadonlyMap<number, CborValue>

export type DecodeFault =
  | { readonly kind: 'too-large'; readonly bytes: number; readonly bytesMax: number }
  | { readonly kind: 'malformed'; readonly detail: string }
  | { readonly kind: 'not-deterministic' }
  | { readonly kind: 'wrong-shape'; readonly path: string; readonly expected: string }

export const encodeCbor = (value: CborValue): Bytes => toBytes(encode(value, rfc8949EncodeOptions))

export function decodeCbor(
  bytes: Uint8Array,
  bytesMax: number = limits.messageBytesMax,
): Result<CborValue, DecodeFault> {
  if (bytes.length > bytesMax) return err({ kind: 'too-large', bytes: bytes.length, bytesMax })
  const fault = scan(bytes)
  if (fault !== undefined) return err({ kind: 'malformed', detail: fault })
  try {
    const value: CborValue = decode(bytes, {
      useMaps: true,
      strict: true,
      rejectDuplicateMapKeys: true,
      ...nothingLoose,
    })
    // Inside, because whatever an encoder may have against hostile values must not throw at whoever read a code.
    return equalBytes(encodeCbor(value), bytes) ? ok(value) : err({ kind: 'not-deterministic' })
  } catch (error) {
    return err({ kind: 'malformed', detail: error instanceof Error ? error.message : String(error) })
  }
}

const nothingLoose = {
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
} as const

const majorType = { negative: 1, byteString: 2, textString: 3, array: 4, map: 5, tag: 6, simple: 7 } as const

interface Container {
  /** Items still to come; of a map, keys and values. */
  remaining: number
  readonly isMap: boolean
}

/** Walks the heads of all items without recursion. Returns what is wrong, or undefined. */
function scan(bytes: Uint8Array): string | undefined {
  const open: Container[] = [{ remaining: 1, isMap: false }]
  let offset = 0
  let entries = 0
  for (let inside = open.at(-1); inside !== undefined; inside = open.at(-1)) {
    if (inside.remaining === 0) {
      open.pop()
      continue
    }
    const isKey = inside.isMap && inside.remaining % 2 === 0
    inside.remaining -= 1
    const head = readHead(bytes, offset)
    if (typeof head === 'string') return head
    // Values made of values as keys are nobody's message, and the encoder that re-encodes them throws.
    if (isKey && head.major > majorType.negative) return 'keys are integers'
    offset = head.next
    entries += 1
    if (entries > limits.cborEntriesMax) return 'too many entries'
    if (head.major === majorType.byteString || head.major === majorType.textString) offset += head.argument
    if (offset > bytes.length) return 'truncated'
    if (head.major === majorType.array || head.major === majorType.map) {
      if (open.length >= limits.cborDepthMax) return 'nested too deeply'
      if (head.argument > limits.cborEntriesMax) return 'too many entries'
      const isMap = head.major === majorType.map
      open.push({ remaining: isMap ? head.argument * 2 : head.argument, isMap })
    }
  }
  return offset === bytes.length ? undefined : 'trailing bytes'
}

interface Head {
  readonly major: number
  readonly argument: number
  readonly next: number
}

function readHead(bytes: Uint8Array, offset: number): Head | string {
  const initial = bytes[offset]
  if (initial === undefined) return 'truncated'
  const major = initial >> 5
  const info = initial & 0x1f
  if (major === majorType.tag) return 'tags are not allowed'
  if (major === majorType.simple) {
    return info === 20 || info === 21
      ? { major, argument: 0, next: offset + 1 }
      : 'only true and false are allowed'
  }
  if (info < 24) return { major, argument: info, next: offset + 1 }
  if (info > 27) return 'indefinite lengths are not allowed'
  const width = 1 << (info - 24)
  if (offset + 1 + width > bytes.length) return 'truncated'
  let argument = 0
  for (let index = 1; index <= width; index += 1) argument = argument * 256 + (bytes[offset + index] ?? 0)
  if (!Number.isSafeInteger(argument)) return 'integer out of range'
  return { major, argument, next: offset + 1 + width }
}

import { cdeDecodeOptions, decode as decodeByOracle, encode as encodeByOracle } from 'cbor2'
import { decode as decodeBySecond, encode as encodeBySecond, rfc8949EncodeOptions } from 'cborg'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { concat, fromHex, toHex } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { byteStringHead, decodeCbor, encodeCbor, type CborValue } from '@/lib/protocol/cbor'

const refusal = (hex: string): string => {
  const decoded = decodeCbor(fromHex(hex))
  return decoded.ok ? 'accepted' : decoded.error.kind
}

test.each([0, 1, 23, 24, 255, 256, 65_535, 65_536, 70_000])(
  'the head of a byte string of %i bytes',
  (length) => {
    const whole = encodeCbor(new Uint8Array(length))
    expect(toHex(byteStringHead(length))).toBe(toHex(whole.subarray(0, whole.length - length)))
  },
)

describe('what is refused', () => {
  test.each([
    ['empty input', '', 'malformed'],
    ['trailing bytes', '0101', 'malformed'],
    ['truncated text', '6461', 'malformed'],
    ['a long spelling of a small integer', '1801', 'malformed'],
    ['unsorted map keys', 'a202010101', 'not-deterministic'],
    ['duplicate map keys', 'a201010102', 'malformed'],
    ['an indefinite array', '9f01ff', 'malformed'],
    ['an indefinite byte string', '5f4101ff', 'malformed'],
    ['a tag', 'c001', 'malformed'],
    ['a float', 'f93c00', 'malformed'],
    ['null', 'f6', 'malformed'],
    ['undefined', 'f7', 'malformed'],
    ['an integer beyond 2^53', '1b0020000000000000', 'malformed'],
    ['bad UTF-8', '62c328', 'not-deterministic'],
    ['a text that begins with a byte order mark', '63efbbbf', 'not-deterministic'],
    ['a huge declared array', '9affffffff', 'malformed'],
    ['a huge declared string', '7affffffff', 'malformed'],
    ['an array as a key', 'a280000000', 'malformed'],
    ['a map as a key', 'a1a000', 'malformed'],
    ['a byte string as a key', 'a14000', 'malformed'],
    ['a text as a key', 'a1613100', 'malformed'],
    ['a truth as a key', 'a1f500', 'malformed'],
    ['an array as a key deep inside', '81a2018001a180008000', 'malformed'],
    ['deep nesting', `${'81'.repeat(2_000)}01`, 'malformed'],
  ])('%s', (_name, hex, kind) => {
    expect(refusal(hex)).toBe(kind)
  })

  test('more bytes than the cap, before anything is decoded', () => {
    expect(decodeCbor(new Uint8Array(5_000))).toMatchObject({
      ok: false,
      error: { kind: 'too-large', bytes: 5_000 },
    })
  })
})

/** Text decoders drop a byte order mark, so that a text that begins with one has two spellings: it is refused. */
const startsWithMark = (text: string): boolean => text.startsWith('\uFEFF')

const value: fc.Arbitrary<CborValue> = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.integer({ min: -1_000_000, max: Number.MAX_SAFE_INTEGER }),
    fc
      .string({ unit: 'binary', maxLength: 20 })
      .filter((text) => !/\p{Cs}/u.test(text) && !startsWithMark(text)),
    fc.boolean(),
    fc.uint8Array({ maxLength: 40 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.integer({ min: -30, max: 300 }), tie('value')), { maxLength: 4 })
      .map((entries) => new Map(entries)),
  ),
})).value

test('round trip, and byte-identical to an independent deterministic encoder', () => {
  fc.assert(
    fc.property(value, (original) => {
      const bytes = encodeCbor(original)
      expect(toHex(bytes)).toBe(toHex(encodeByOracle(original, { cde: true })))
      const decoded = decodeCbor(bytes)
      expect(decoded).toEqual({ ok: true, value: original })
    }),
    { numRuns: 400 },
  )
})

/** The oracle's verdict: deterministic by RFC 8949 §4.2, of our few kinds, equal again when encoded. */
function decodedByOracle(bytes: Uint8Array): unknown {
  try {
    const decoded: unknown = decodeByOracle(bytes, {
      ...cdeDecodeOptions,
      preferMap: true,
      rejectFloats: true,
      rejectUndefined: true,
      rejectBigInts: true,
      rejectDuplicateKeys: true,
      rejectStreaming: true,
    })
    return isOurs(decoded) && toHex(encodeByOracle(decoded, { cde: true })) === toHex(bytes)
      ? decoded
      : refused
  } catch {
    return refused
  }
}

const refused = Symbol('refused')

/** CBOR has more than our messages: null, tags, texts as keys, integers beyond 2^53, nesting without end. */
function isOurs(decoded: unknown, depth = 1): boolean {
  if (typeof decoded === 'number') return Number.isSafeInteger(decoded)
  if (typeof decoded === 'boolean') return true
  if (typeof decoded === 'string') return !startsWithMark(decoded)
  if (decoded instanceof Uint8Array) return true
  if (depth >= limits.cborDepthMax) return false
  if (Array.isArray(decoded)) return decoded.every((item) => isOurs(item, depth + 1))
  return (
    decoded instanceof Map &&
    [...decoded].every(([key, entry]) => Number.isSafeInteger(key) && isOurs(entry, depth + 1))
  )
}

/** A second oracle, by another way: decode leniently, encode by the rules, and compare every byte. */
function decodedBySecond(bytes: Uint8Array): unknown {
  try {
    const decoded: unknown = decodeBySecond(bytes, { useMaps: true, allowBigInt: false })
    return isOurs(decoded) && toHex(encodeBySecond(decoded, rfc8949EncodeOptions)) === toHex(bytes)
      ? decoded
      : refused
  } catch {
    return refused
  }
}

function hasSameVerdict(bytes: Uint8Array): boolean {
  const decoded = decodeCbor(bytes)
  const verdict = decoded.ok ? decoded.value : refused
  return (
    isDeepStrictEqual(verdict, decodedByOracle(bytes)) && isDeepStrictEqual(verdict, decodedBySecond(bytes))
  )
}

test('noise gets the verdict and the value that an independent decoder gives, and nothing throws', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), hasSameVerdict), { numRuns: 4_000 })
})

test('short inputs get the same verdict, every head and a choice of what follows', () => {
  const bytes = Array.from({ length: 256 }, (_, value) => value)
  const inputs = bytes.flatMap((first) => [
    [first],
    ...bytes.filter((second) => second % 9 === 0).map((second) => [first, second]),
  ])
  expect(inputs.filter((input) => !hasSameVerdict(Uint8Array.from(input)))).toEqual([])
})

/** What damages a message: bytes overwritten, taken out, put in, or said twice. */
const damage = fc.record({
  at: fc.nat(200),
  remove: fc.nat(3),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 4 }),
    fc.constantFrom(
      ...['a280000000', '1801', 'f6', 'c0', '9f', 'ff', '5f', 'f90000', '1bffffffffffffffff'].map(fromHex),
      ...['18ff', '1900ff', '190100', '1a0000ffff', '1a00010000', '1b00000000ffffffff'].map(fromHex),
      ...['1b0000000100000000', '1b001fffffffffffff', '3b001ffffffffffffe', '3b001fffffffffffff'].map(
        fromHex,
      ),
      ...['a201002000', 'a220000100', '5818', '7817', '62c3a9', '63eda080', '64f0808080', '63efbbbf'].map(
        fromHex,
      ),
    ),
  ),
})

test('damaged encodings get the verdict and the value that an independent decoder gives', () => {
  fc.assert(
    fc.property(value, fc.array(damage, { minLength: 1, maxLength: 3 }), (original, damages) => {
      let bytes: Uint8Array = encodeCbor(original)
      for (const { at, remove, insert } of damages) {
        const place = at % (bytes.length + 1)
        bytes = concat(bytes.subarray(0, place), insert, bytes.subarray(place + remove))
      }
      return hasSameVerdict(bytes)
    }),
    { numRuns: 4_000 },
  )
})

import { decode as decodeByOracle, encode as encodeByOracle } from 'cbor2'
import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { fromHex, toHex } from '@/lib/core/bytes'
import { decodeCbor, encodeCbor, type CborValue } from '@/lib/protocol/cbor'

const refusal = (hex: string): string => {
  const decoded = decodeCbor(fromHex(hex))
  return decoded.ok ? 'accepted' : decoded.error.kind
}

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

const value: fc.Arbitrary<CborValue> = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.integer({ min: -1_000_000, max: Number.MAX_SAFE_INTEGER }),
    fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => !/\p{Cs}/u.test(text)),
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

test('whatever is accepted, the oracle decodes to the same bytes again; nothing throws on noise', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
      const decoded = decodeCbor(noise)
      if (decoded.ok) {
        expect(toHex(encodeByOracle(decodeByOracle(noise), { cde: true }))).toBe(toHex(noise))
      }
    }),
    { numRuns: 2_000 },
  )
})

/** The worlds' own encoder writes what the product's writes, byte for byte. */

import { expect, test } from 'vitest'
import fc from 'fast-check'
import { toHex } from '@/lib/core/bytes'
import { encodeCbor, type CborValue } from '@/lib/protocol/cbor'
import { quickCbor } from '@/simulator/world/quick-cbor'

const values = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.maxSafeInteger(),
    fc.integer({ min: -300, max: 70_000 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.boolean(),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('value'), { maxLength: 30 }),
    fc
      .uniqueArray(fc.tuple(fc.integer({ min: -400, max: 70_000 }), tie('value')), {
        selector: ([key]) => key,
        maxLength: 30,
      })
      .map((entries) => new Map(entries)),
  ),
})).value

test('Whatever a message is made of', () => {
  fc.assert(
    fc.property(values, (value) => {
      expect(toHex(quickCbor(value))).toBe(toHex(encodeCbor(value)))
    }),
    { numRuns: 300 },
  )
})

test('What is longer than anything before', () => {
  const long = [new Uint8Array(70_000).fill(7), 'x'.repeat(140_000), new Map([[1, new Uint8Array(300_000)]])]
  expect(toHex(quickCbor(long))).toBe(toHex(encodeCbor(long)))
})

test('A number that no message holds is not written', () => {
  expect(() => quickCbor([1.5])).toThrow('1.5')
})

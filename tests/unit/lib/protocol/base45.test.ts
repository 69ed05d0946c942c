import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toHex, utf8 } from '@/lib/core/bytes'
import { decodeBase45, encodeBase45 } from '@/lib/protocol/base45'

test.each([
  ['AB', 'BB8'],
  ['Hello!!', '%69 VD92EX0'],
  ['base-45', 'UJCLQE7W581'],
  ['ietf!', 'QED8WEX0'],
])('RFC 9285 example %s', (plain, encoded) => {
  expect(encodeBase45(utf8(plain))).toBe(encoded)
  expect(toHex(decodeBase45(encoded) ?? new Uint8Array())).toBe(toHex(utf8(plain)))
})

test.each(['GGW', ':::', 'A', 'ABCD', 'ab8', 'BB=', 'ÄB', '::'])('%s is refused', (text) => {
  expect(decodeBase45(text)).toBeUndefined()
})

test('every byte string has exactly one spelling', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const decoded = decodeBase45(encodeBase45(bytes))
      expect(decoded === undefined ? undefined : toHex(decoded)).toBe(toHex(bytes))
    }),
  )
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0189AZ $%*+-./:'), maxLength: 30 }), (text) => {
      const decoded = decodeBase45(text)
      if (decoded !== undefined) expect(encodeBase45(decoded)).toBe(text)
    }),
  )
})

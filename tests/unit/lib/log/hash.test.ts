import { expect, test } from 'vitest'
import { fromHex, toHex, utf8 } from '@/lib/core/bytes'
import { emptyRoot, leafHash, nodeHash, parseHash } from '@/lib/log/hash'

test('the root of an empty log is the SHA-256 of nothing', () => {
  expect(toHex(emptyRoot)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})

test('the leaf of an empty event is the SHA-256 of one zero byte', () => {
  expect(toHex(leafHash(utf8('')))).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d')
})

test('a node never has the hash of a leaf that holds the same bytes', () => {
  const left = leafHash(utf8('left'))
  const right = leafHash(utf8('right'))
  const joined = fromHex(toHex(left) + toHex(right))
  expect(nodeHash(left, right)).not.toEqual(leafHash(joined))
})

test('only 32 bytes are a hash', () => {
  expect(parseHash(new Uint8Array(31))).toBeUndefined()
  expect(parseHash(new Uint8Array(33))).toBeUndefined()
  expect(parseHash(new Uint8Array(32))).toHaveLength(32)
})

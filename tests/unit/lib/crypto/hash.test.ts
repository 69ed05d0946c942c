import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256 as sha256InScript } from '@noble/hashes/sha2.js'
import { toHex, utf8 } from '@/lib/core/bytes'
import { sha256, sha256Hex } from '@/lib/crypto/hash'

test('the published digest of "abc"', () => {
  expect(toHex(sha256(utf8('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

test('servers and browsers hash alike, and the bytes are the caller’s own', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (message) => {
      const hash = sha256(message)
      expect(hash).toEqual(sha256InScript(message))
      expect(hash.buffer.byteLength).toBe(32)
      expect(sha256Hex(message)).toBe(toHex(hash))
    }),
    { numRuns: 200 },
  )
})

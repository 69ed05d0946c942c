/**
 * Ed25519 vectors: the same verdict on every platform, and the right one. After a deliberate change `ed25519.json` is
 * rewritten with `UPDATE_VECTORS=1 npx vitest run --project fast tests/vectors`.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromHex, toBytes } from '@/lib/core/bytes'
import { publicKey } from '@/lib/core/ids'
import { isAcceptableKey } from '@/lib/crypto/key-check'
import { verifyWithNoble } from '@/lib/crypto/noble'
import { verifyWithNode } from '@/lib/crypto/node'
import { hasSodium, verifyEquation } from '@/lib/crypto/sodium'
import { verifyWithWebCrypto } from '@/lib/crypto/webcrypto'
import { ed25519Vectors, honestVector, type Ed25519Vector } from './ed25519-cases'

const file = new URL('./ed25519.json', import.meta.url)
if (process.env['UPDATE_VECTORS'] === '1')
  writeFileSync(file, `${JSON.stringify(ed25519Vectors(), null, 1)}\n`)
const published = JSON.parse(readFileSync(file, 'utf8')) as readonly Ed25519Vector[]

async function verdictsOf(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean[]> {
  const hex = publicKey(Buffer.from(key).toString('hex'))
  return [
    verifyWithNoble(hex, message, signature),
    verifyWithNode(hex, message, signature),
    isAcceptableKey(hex) && verifyEquation(hex, message, signature),
    await verifyWithWebCrypto(hex, message, signature),
  ]
}

test('the curve gives the published vectors, and the list is long', () => {
  expect(ed25519Vectors()).toEqual(published)
  expect(published.filter(({ valid }) => !valid).length).toBeGreaterThan(60)
  expect(new Set(published.map(({ name }) => name)).size).toBe(published.length)
})

test.each(published)('$name: $valid', async ({ key, message, signature, valid }) => {
  const verdicts = await verdictsOf(fromHex(key), fromHex(message), fromHex(signature))
  expect(verdicts).toEqual([valid, valid, valid, valid])
})

test.runIf(process.platform === 'linux' && process.arch === 'x64')('libsodium is among them', () => {
  expect(hasSodium).toBe(true)
})

/** Bytes overwritten anywhere in key, signature or message, or taken from another vector. */
const spoiled = fc.record({
  pair: fc.constantFrom('anna', 'boris', 'clara'),
  message: fc.uint8Array({ maxLength: 40 }),
  part: fc.constantFrom('key', 'r', 's', 'message', 'nothing'),
  patch: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 32 }),
    fc
      .constantFrom(...published)
      .chain(({ key, signature }) =>
        fc.constantFrom(fromHex(key), fromHex(signature).slice(0, 32), fromHex(signature).slice(32)),
      ),
  ),
  at: fc.nat(31),
})

function overwrite(bytes: Uint8Array, at: number, patch: Uint8Array): Uint8Array {
  const copy = toBytes(bytes)
  patch.forEach((byte, index) => {
    if (at + index < copy.length) copy[at + index] = byte
  })
  return copy
}

test('whatever is spoiled, all platforms give one verdict', async () => {
  await fc.assert(
    fc.asyncProperty(spoiled, async ({ pair, message, part, patch, at }) => {
      const honest = honestVector(pair, message)
      const key = fromHex(honest.key)
      const signature = fromHex(honest.signature)
      const offset = part === 's' ? 32 + at : part === 'r' ? at : 64
      const verdicts = await verdictsOf(
        part === 'key' ? overwrite(key, at % 2 === 0 ? 0 : at, patch) : key,
        part === 'message' ? overwrite(message, at, patch) : message,
        overwrite(signature, patch.length === 32 && offset < 64 ? offset - (offset % 32) : offset, patch),
      )
      expect(new Set(verdicts).size).toBe(1)
      if (part === 'nothing') expect(verdicts[0]).toBe(true)
    }),
    { numRuns: 150 },
  )
})

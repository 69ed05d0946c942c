/** Base45 vectors (RFC 9285): what both directions must give, and texts that have no bytes. */

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fromHex, toHex } from '@/lib/core/bytes'
import { decodeBase45, encodeBase45 } from '@/lib/protocol/base45'

interface Vectors {
  readonly valid: readonly { readonly bytes: string; readonly text: string }[]
  readonly invalid: readonly { readonly name: string; readonly text: string }[]
}

const vectors = JSON.parse(readFileSync(new URL('./base45.json', import.meta.url), 'utf8')) as Vectors

test.each(vectors.valid)('$bytes is $text', ({ bytes, text }) => {
  expect(encodeBase45(fromHex(bytes))).toBe(text)
  expect(toHex(decodeBase45(text) ?? Uint8Array.of(0xbad))).toBe(bytes)
})

test.each(vectors.invalid)('$name has no bytes', ({ text }) => {
  expect(decodeBase45(text)).toBeUndefined()
})

import { expect, test } from 'vitest'
import { toBytes } from '@/lib/core/bytes'
import { hashSecret, normaliseCode, randomCode } from '@/lib/cloud/secrets'

const counting = { bytes: (length: number) => toBytes(Array.from({ length }, (_, index) => index * 17)) }

test('a code has four groups that survive being read aloud', () => {
  expect(randomCode(counting)).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/)
})

test.each([
  ['ab1l-o0cd', 'AB1100CD'],
  [' AB1I O0CD ', 'AB1100CD'],
  ['ab1100cd', 'AB1100CD'],
])('%j is read as people mean it', (typed, meant) => {
  expect(normaliseCode(typed)).toBe(meant)
})

test('a typed code of any length stays small', () => {
  expect(normaliseCode('A'.repeat(10_000)).length).toBeLessThanOrEqual(64)
})

test('the hash of a secret does not show it', () => {
  expect(hashSecret('secret')).toMatch(/^[0-9a-f]{64}$/)
  expect(hashSecret('secret')).not.toBe(hashSecret('secres'))
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decimalText } from '@/lib/format/decimal'

test('the point stands where the decimals say', () => {
  expect(decimalText(1_240, 2)).toBe('12.40')
  expect(decimalText(5, 3)).toBe('0.005')
  expect(decimalText(-5, 2)).toBe('-0.05')
  expect(decimalText(7, 0)).toBe('7')
})

test('no digit is ever lost, for any safe integer', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 4 }), (value, decimals) => {
      const digits = decimalText(value, decimals).replace('.', '')
      expect(BigInt(digits)).toBe(BigInt(value))
    }),
  )
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decimalToInteger } from '@/charger-kiosk/ocpp/decimal'

test.each([
  ['0', 0, 0],
  ['12.3456', 3, 12_346],
  ['12.3454', 3, 12_345],
  ['0.5', 0, 1],
  ['0.49999999999999999', 0, 0],
  ['-0.5', 0, -1],
  ['-0.4', 0, 0],
  ['  7.0 ', 1, 70],
  ['+3', 0, 3],
  ['1.005', 2, 101],
])('%s shifted by digits rounds half up', (text, shift, expected) => {
  expect(decimalToInteger(text, shift)).toBe(expected)
})

test.each([
  '',
  ' ',
  '.5',
  '5.',
  '1e3',
  '1,5',
  'NaN',
  '0x10',
  '--1',
  '1 2',
  '9007199254740992',
  '1'.repeat(40),
])('%j is no figure', (text) => {
  expect(decimalToInteger(text, 0)).toBeUndefined()
})

test('Every integer that can be held comes back from its thousandths', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000_000_000 }), (value) => {
      const text = `${Math.floor(value / 1_000)}.${String(value % 1_000).padStart(3, '0')}`
      expect(decimalToInteger(text, 3)).toBe(value)
    }),
  )
})

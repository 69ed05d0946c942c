import fc from 'fast-check'
import { expect, test } from 'vitest'
import { monthsUntil } from '@/components/console/credit/months'
import { readTypedAmount, typedAmount } from '@/components/console/credit/typed-amount'

test('an amount that is shown is read back as it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9_999_999_999 }), fc.constantFrom(0, 2), (amount, exponent) => {
      fc.pre(exponent === 2 || amount < 100_000_000)
      expect(readTypedAmount(typedAmount(amount, exponent), exponent)).toBe(amount)
    }),
  )
})

test.each([
  ['250', 25_000],
  ['99,5', 9_950],
  [' 99.50 ', 9_950],
  ['', null],
  ['0', undefined],
  ['1.234,00', undefined],
  ['99.505', undefined],
  ['-5', undefined],
])('reads %j as %s', (text, amount) => {
  expect(readTypedAmount(text, 2)).toBe(amount)
})

test('months are listed back to the fleet’s first, with the one in hand', () => {
  const nowS = Date.parse('2026-02-10T00:00:00Z') / 1_000
  expect(monthsUntil(nowS, '2025-12', '2026-01')).toEqual(['2026-02', '2026-01', '2025-12'])
  expect(monthsUntil(nowS, '2026-02', '2025-03')).toEqual(['2026-02', '2025-03'])
})

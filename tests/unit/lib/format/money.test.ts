import { expect, test } from 'vitest'
import { formatMoney, formatMoneyShort, formatPercent, formatRate } from '@/lib/format/money'

/** Intl writes no-break spaces; the expectations below are easier to read with plain ones. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ')

test('cents become euros in the form of each language', () => {
  expect(plain(formatMoney('en', 1_240, 'EUR'))).toBe('€12.40')
  expect(plain(formatMoney('de', 1_240, 'EUR'))).toBe('12,40 €')
})

test('a currency without decimals has none and one with three has three', () => {
  expect(plain(formatMoney('en', 1_240, 'JPY'))).toBe('JP¥1,240')
  expect(plain(formatMoney('de', 1_240, 'KWD'))).toBe('1,240 KWD')
})

test('amounts beyond the precision of floating point keep every cent', () => {
  expect(plain(formatMoney('en', 9_007_199_254_740_991, 'EUR'))).toBe('€90,071,992,547,409.91')
})

test('a debt is shown with its sign', () => {
  expect(plain(formatMoney('en', -5, 'EUR'))).toBe('-€0.05')
})

test('short amounts drop only cents that are zero', () => {
  expect(plain(formatMoneyShort('en', 4_000, 'EUR'))).toBe('€40')
  expect(plain(formatMoneyShort('de', 4_050, 'EUR'))).toBe('40,50 €')
})

test('rates show two decimals and up to four where the price has them', () => {
  expect(plain(formatRate('en', 4_900, 'EUR'))).toBe('€0.49')
  expect(plain(formatRate('en', 4_955, 'EUR'))).toBe('€0.4955')
  expect(plain(formatRate('de', 0, 'EUR'))).toBe('0,00 €')
})

test('basis points become per cent', () => {
  expect(plain(formatPercent('en', 1_900))).toBe('19%')
  expect(plain(formatPercent('de', 770))).toBe('7,7 %')
})

test('an amount that is no integer is a bug and says so', () => {
  expect(() => formatMoney('en', 12.4, 'EUR')).toThrow(RangeError)
})

import { expect, test } from 'vitest'
import fc from 'fast-check'
import { readAmount, readDate, readStatement } from '@/lib/cloud/credit/bank-statement'

test.each([
  ['1.234,56', 123_456],
  ['1,234.56', 123_456],
  ["1'234.5", 123_450],
  ['1234', 123_400],
  ['+12,5', 1_250],
  ['-3,00', -300],
  ['1.234.567,00', 123_456_700],
  ['1,234', undefined],
  ['1.234', undefined],
  ['12.345.67', undefined],
  ['1,2,3', undefined],
  ['12,345', undefined],
  ['1.234,567.89', undefined],
  ['twelve', undefined],
  ['', undefined],
])('reads the amount %s as %s', (text, amount) => {
  expect(readAmount(text, 2)).toBe(amount)
})

const formats = ['en-GB', 'de-DE'].map(
  (locale) => new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
)

test('every amount is read back as it was written, with either decimal sign', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10_000_000_000 }),
      fc.constantFrom(...formats),
      (amount, format) => {
        expect(readAmount(format.format(amount / 100), 2)).toBe(amount)
      },
    ),
  )
})

test.each([
  ['2026-09-01', '2026-09-01'],
  ['1.9.2026', '2026-09-01'],
  ['31.02.2026', undefined],
  ['09/01/2026', undefined],
])('reads the date %s as %s', (text, date) => {
  expect(readDate(text)).toBe(date)
})

const rowsOf = (rows: readonly (readonly string[])[]) =>
  rows.map((cells, index) => ({ line: index + 1, cells }))

const heads = ['Buchungstag', 'Betrag', 'Währung', 'Verwendungszweck', 'Auftraggeber']

test('says which columns are missing and reads nothing then', () => {
  expect(readStatement(rowsOf([['Datum', 'Text']]), 'EUR')).toEqual({
    missing: ['amount', 'currency'],
    entries: [],
    refused: [],
  })
})

test('refuses row by row what it cannot take, and takes the others', () => {
  const { entries, refused } = readStatement(
    rowsOf([
      heads,
      ['01.09.2026', '100,00', 'EUR', 'a', 'b'],
      ['01.09.2026', '-100,00', 'EUR', 'a', 'b'],
      ['01.09.2026', '100,00', 'GBP', 'a', 'b'],
      ['soon', '100,00', 'EUR', 'a', 'b'],
      ['01.09.2026', '1.000', 'EUR', 'a', 'b'],
      ['01.09.2026', '1,00', 'EUR', 'a'.repeat(1_001), 'b'],
    ]),
    'EUR',
  )
  expect(entries.map(({ line, amountMinor }) => [line, amountMinor])).toEqual([[2, 10_000]])
  expect(refused).toEqual([
    { line: 3, fault: 'negative' },
    { line: 4, fault: 'currency' },
    { line: 5, fault: 'date' },
    { line: 6, fault: 'amount' },
    { line: 7, fault: 'too-long' },
  ])
})

test('two equal rows are two transfers, and the same two when they come again', () => {
  const row = ['01.09.2026', '100,00', 'EUR', 'a', 'b']
  const keys = (rows: string[][]) =>
    readStatement(rowsOf([heads, ...rows]), 'EUR').entries.map(({ rowKey }) => rowKey)
  expect(new Set(keys([row, row])).size).toBe(2)
  expect(keys([row, row])).toEqual(keys([row, row]))
  expect(keys([row])[0]).toBe(keys([row, row])[0])
})

test('the bank’s own number names a transfer, whatever else the row says', () => {
  const statement = (text: string) =>
    readStatement(
      rowsOf([
        [...heads, 'Transaktions-ID'],
        ['01.09.2026', '100,00', 'EUR', text, 'b', 'T-1'],
      ]),
      'EUR',
    ).entries[0]
  expect(statement('a')?.rowKey).toBe(statement('b')?.rowKey)
  expect(statement('a')?.contentHash).not.toBe(statement('b')?.contentHash)
})

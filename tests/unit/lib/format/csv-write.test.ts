import { expect, test } from 'vitest'
import { csvText } from '@/lib/format/csv-write'

const lines = (rows: string[][], separator: ',' | ';' = ','): string[] =>
  csvText(rows, separator).slice(1).split('\r\n')

test('a table opens as UTF-8, with one line a row, each ended as the RFC asks', () => {
  expect(
    csvText(
      [
        ['Site', 'kWh'],
        ['Zürich', '12.5'],
      ],
      ',',
    ),
  ).toBe('\uFEFFSite,kWh\r\nZürich,12.5\r\n')
})

test('separators, quotes and line ends inside a field do not end it', () => {
  expect(lines([['a,b', 'c;d', 'say "hi"']])[0]).toBe('"a,b",c;d,"say ""hi"""')
  expect(csvText([['two\nlines']], ';')).toBe('\uFEFF"two\nlines"\r\n')
})

test('a name that a spreadsheet would run as a formula stays a name', () => {
  expect(lines([['=HYPERLINK("x")', '+49 30', '@sum', '-cmd']])[0]).toBe(
    `"'=HYPERLINK(""x"")",'+49 30,'@sum,'-cmd`,
  )
})

test('negative figures stay figures', () => {
  expect(lines([['-12.40', '-3,5', '-7']], ';')[0]).toBe('-12.40;-3,5;-7')
})

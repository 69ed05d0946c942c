import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { readCsv } from '@/lib/format/csv-read'
import { csvText, withoutGuard } from '@/lib/format/csv-write'

const read = (text: string) => expectOk(readCsv(text, { rowsMax: 100 }), 'table')

test('rows keep the number of their line, over empty lines and cells of several lines', () => {
  const text = 'a,b\r\n\r\n\n1,"two\r\nlines"\r2,x\n\n"3","y"'
  expect(read(text)).toEqual([
    { line: 1, cells: ['a', 'b'] },
    { line: 4, cells: ['1', 'two\r\nlines'] },
    { line: 6, cells: ['2', 'x'] },
    { line: 8, cells: ['3', 'y'] },
  ])
})

test('a file with the character 0 is no table', () => {
  expect(readCsv('a\nb\0c', { rowsMax: 100 })).toMatchObject({ error: { code: 'api.malformed' } })
})

test('what was written here is read again as it was, once its guards against formulas are taken off', () => {
  const cell = fc
    .string({ maxLength: 12 })
    .filter((text) => !text.includes('\0') && withoutGuard(text) === text)
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(rows, (table) => {
      const again = read(csvText([['head', 'of two'], ...table], ',')).slice(1)
      expect(again.map(({ cells }) => cells.map(withoutGuard))).toEqual(table)
    }),
  )
})

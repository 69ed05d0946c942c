import { expect, test } from 'vitest'
import {
  importBytesMax,
  importRowsMax,
  readImport,
  sampleFile,
} from '@/components/console/drivers/import-file'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const problem = (of: Uint8Array): unknown => {
  const read = readImport(of)
  return read.ok ? undefined : read.error
}

test.each(['utf-8', 'windows-1252', 'utf-16le'] as const)('a table is read as %s', (spelling) => {
  const text = 'name\r\nJörg Weiß\r\n'
  const written = {
    'utf-8': bytes(text),
    'windows-1252': Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
    'utf-16le': new Uint8Array(Buffer.from(`\uFEFF${text}`, 'utf16le')),
  }[spelling]
  expect(readImport(written)).toEqual({ ok: true, value: text })
})

test('a workbook is told from a table, however large it is', () => {
  const workbook = new Uint8Array(importBytesMax + 1)
  workbook.set([0x50, 0x4b, 0x03, 0x04])
  expect(problem(workbook)).toBe('workbook')
  expect(problem(Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1))).toBe('workbook')
})

test('what is too large, too long, empty or no table says so', () => {
  const rows = (count: number): Uint8Array => bytes(`name\n${'A\n'.repeat(count)}`)
  expect(problem(rows(importRowsMax))).toBeUndefined()
  expect(problem(rows(importRowsMax + 1))).toBe('too-many-rows')
  expect(problem(bytes('x'.repeat(importBytesMax + 1)))).toBe('too-large')
  // Letters that take one byte there take two here.
  expect(problem(new Uint8Array(importBytesMax - 10).fill(0xe4))).toBe('too-large')
  expect(problem(new Uint8Array())).toBe('empty')
  expect(problem(bytes('name\n'))).toBe('empty')
  expect(problem(bytes('name\n"never closed'))).toBe('no-table')
  expect(problem(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13))).toBe('no-table')
})

test.each(['drivers', 'vehicles'] as const)('the sample of %s is a file that can be imported', (kind) => {
  for (const locale of ['en', 'de'] as const) expect(problem(bytes(sampleFile(kind, locale)))).toBeUndefined()
})

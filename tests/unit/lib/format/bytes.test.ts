import { expect, test } from 'vitest'
import { formatBytes } from '@/lib/format/bytes'

test('sizes grow from bytes to megabytes, with one decimal where it says something', () => {
  expect([0, 412, 9_240, 161_400, 3_480_000].map((size) => formatBytes('en', size))).toEqual([
    '0 byte',
    '412 byte',
    '9 kB',
    '161.4 kB',
    '3.5 MB',
  ])
  expect(formatBytes('de', 161_400)).toBe('161,4 kB')
})

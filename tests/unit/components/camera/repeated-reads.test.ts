import { expect, test } from 'vitest'
import { repeatAfterMs, repeatedReadFilter } from '@/components/camera/repeated-reads'

test('a code that stays in view counts once, however long it stays', () => {
  const isNew = repeatedReadFilter()
  const reads = Array.from({ length: 100 }, (_, index) => isNew('A', index * 100))
  expect(reads.filter(Boolean)).toHaveLength(1)
})

test('a code that was away for a while counts again', () => {
  const isNew = repeatedReadFilter()
  expect(isNew('A', 0)).toBe(true)
  expect(isNew('A', repeatAfterMs)).toBe(false)
  expect(isNew('A', repeatAfterMs * 2 + 1)).toBe(true)
})

test('codes that take turns in view count once each', () => {
  const isNew = repeatedReadFilter()
  const seen = ['A', 'B', 'A', 'B', 'A'].map((text, index) => isNew(text, index * 200))
  expect(seen).toEqual([true, true, false, false, false])
})

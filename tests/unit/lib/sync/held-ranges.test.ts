import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  coversRange,
  fromPairs,
  joinRanges,
  outsideRanges,
  toPairs,
  type SeqRange,
} from '@/lib/sync/held-ranges'

const range = fc
  .tuple(fc.nat(60), fc.nat(12))
  .map(([from, length]): SeqRange => ({ from, to: from + length }))

const seqsOf = (ranges: readonly SeqRange[]): Set<number> =>
  new Set(
    ranges.flatMap(({ from, to }) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)),
  )

test('joined ranges hold the same events, in order and apart from each other', () => {
  fc.assert(
    fc.property(fc.array(range), (ranges) => {
      const joined = joinRanges(ranges)
      expect(seqsOf(joined)).toEqual(seqsOf(ranges))
      for (const [index, next] of joined.entries())
        expect(next.from).toBeGreaterThan(joined[index - 1]?.to ?? -1)
    }),
  )
})

test('what is outside is exactly what is not inside', () => {
  fc.assert(
    fc.property(fc.array(range), range, (ranges, asked) => {
      const joined = joinRanges(ranges)
      const inside = seqsOf(joined)
      const expected = [...seqsOf([asked])].filter((seq) => !inside.has(seq))
      expect([...seqsOf(outsideRanges(joined, asked))].sort((a, b) => a - b)).toEqual(expected)
      if (asked.from < asked.to) expect(coversRange(joined, asked)).toBe(expected.length === 0)
    }),
  )
})

test('an acknowledgement names what lies beyond its size, the lowest first, and no more than it may', () => {
  const ranges = [
    { from: 20, to: 30 },
    { from: 4, to: 12 },
    { from: 10, to: 14 },
  ]
  expect(toPairs(ranges, 8, 9)).toEqual([
    [8, 14],
    [20, 30],
  ])
  expect(toPairs(ranges, 8, 1)).toEqual([[8, 14]])
  expect(toPairs(ranges, 40, 9)).toEqual([])
})

test('pairs that make no sense say nothing', () => {
  expect(fromPairs(undefined)).toEqual([])
  expect(fromPairs([[9, 3], [5], [], [7, 7], [2, 4]])).toEqual([{ from: 2, to: 4 }])
})

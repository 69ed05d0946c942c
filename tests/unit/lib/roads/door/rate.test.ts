import { expect, test } from 'vitest'
import { durationMs } from '@/lib/core/units'
import { Buckets } from '@/lib/roads/door/rate'

const at = (ms: number) => durationMs(ms)

test('a burst goes through, then as much as the time has filled', () => {
  const buckets = new Buckets({ perSecond: 2, burst: 3, namesMax: 10 })
  const takes = (nowMs: number): boolean => buckets.take('A', 1, at(nowMs))
  expect([takes(0), takes(0), takes(0), takes(0)]).toEqual([true, true, true, false])
  expect([takes(499), takes(500), takes(500)]).toEqual([false, true, false])
  expect([takes(60_000), takes(60_000), takes(60_000), takes(60_000)]).toEqual([true, true, true, false])
})

test('one name empties its own bucket alone, and a crowd of names is forgotten', () => {
  const buckets = new Buckets({ perSecond: 1, burst: 1, namesMax: 2 })
  expect([buckets.take('A', 1, at(0)), buckets.take('A', 1, at(0)), buckets.take('B', 1, at(0))]).toEqual([
    true,
    false,
    true,
  ])
  buckets.take('C', 1, at(0))
  // A was the longest unseen: it starts afresh, and nothing grew.
  expect(buckets.take('A', 1, at(0))).toBe(true)
})

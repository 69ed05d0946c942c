import { expect, test } from 'vitest'
import { epochSeconds } from '@/lib/core/units'
import { withNewestPage, withOlderPage, type HistoryLine } from '@/lib/wallet/kept-history'

const line = (at: number): HistoryLine => ({
  id: `top-up:${at}`,
  kind: 'top-up',
  atS: at,
  currency: 'EUR',
  amountMinor: 100,
})
const lines = (...at: readonly number[]) => at.map(line)
const nowS = epochSeconds(1_000)
const idsOf = ({ lines: kept }: { lines: readonly HistoryLine[] }) => kept.map(({ atS }) => atS)

test('a newest page that meets what was kept goes on top of it', () => {
  const kept = withNewestPage(null, { lines: lines(3, 2), before: null }, 'a', nowS)
  const next = withNewestPage(kept, { lines: lines(5, 4, 3), before: 'older' }, 'a', nowS)
  expect(idsOf(next)).toEqual([5, 4, 3, 2])
  expect(next.before).toBeNull()
})

test('across a gap nothing is kept, because the list would only seem complete', () => {
  const kept = withNewestPage(null, { lines: lines(3, 2), before: null }, 'a', nowS)
  const next = withNewestPage(kept, { lines: lines(9, 8), before: 'older' }, 'a', nowS)
  expect(idsOf(next)).toEqual([9, 8])
  expect(next.before).toBe('older')
})

test('older pages go below, once', () => {
  const kept = withNewestPage(null, { lines: lines(9, 8), before: 'older' }, 'a', nowS)
  const page = { lines: lines(8, 7), before: null }
  expect(idsOf(withOlderPage(kept, page))).toEqual([9, 8, 7])
  expect(idsOf(withOlderPage(withOlderPage(kept, page), page))).toEqual([9, 8, 7])
})

test('another account’s lines are never beside these', () => {
  const kept = withNewestPage(null, { lines: lines(3, 2), before: null }, 'a', nowS)
  expect(idsOf(withNewestPage(kept, { lines: lines(3), before: 'older' }, 'b', nowS))).toEqual([3])
})

test('what is kept is bounded', () => {
  const many = Array.from({ length: 900 }, (_, at) => 900 - at)
  const kept = withNewestPage(null, { lines: lines(...many.slice(0, 50)), before: 'x' }, 'a', nowS)
  const grown = withOlderPage(kept, { lines: lines(...many.slice(50)), before: 'y' })
  expect(grown.lines).toHaveLength(600)
  expect(grown.before).toBeNull()
})

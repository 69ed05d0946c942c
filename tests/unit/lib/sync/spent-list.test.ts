import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { messageHash } from '@/lib/core/ids'
import { minorUnits } from '@/lib/core/units'
import { isForked, mergeSpent, nothingSpent, type Spend, type SpentList } from '@/lib/sync/spent-list'

const spend = (seq: number, mark: string, grossMinor = seq * 100): Spend => ({
  seq,
  hash: messageHash(mark.repeat(32)),
  grossMinor: minorUnits(grossMinor),
  releasedMinor: minorUnits(0),
})

const lists = fc
  .array(fc.record({ seq: fc.integer({ min: 1, max: 5 }), mark: fc.constantFrom('a', 'b', 'c', 'd') }), {
    maxLength: 8,
  })
  .map((spends) =>
    mergeSpent(
      nothingSpent,
      spends.map(({ seq, mark }) => spend(seq, mark)),
    ),
  )

const merged = (...all: readonly SpentList[]): SpentList => all.reduce(mergeSpent, nothingSpent)

describe('spent-lists of a site', () => {
  test('merge to the same list in any order, any number of times', () => {
    fc.assert(
      fc.property(lists, lists, lists, (a, b, c) => {
        expect(merged(a, b)).toEqual(merged(b, a))
        expect(merged(merged(a, b), c)).toEqual(merged(a, merged(b, c)))
        expect(merged(a, b, a, b, b)).toEqual(merged(a, b))
      }),
    )
  })

  test('are forked exactly when two authorizations carry one seq, whoever saw which', () => {
    fc.assert(
      fc.property(lists, lists, (a, b) => {
        const hashes = new Map<number, Set<string>>()
        for (const { seq, hash } of [...a, ...b]) hashes.set(seq, (hashes.get(seq) ?? new Set()).add(hash))
        expect(isForked(merged(a, b))).toBe([...hashes.values()].some(({ size }) => size > 1))
      }),
    )
  })

  test('keep no more than two of one seq, so that a cloned wallet cannot fill a disk', () => {
    const many = ['a', 'b', 'c', 'd', 'e'].map((mark) => spend(1, mark))
    expect(merged(many)).toEqual([spend(1, 'a'), spend(1, 'b')])
  })

  test('of honest wallets are the union of both', () => {
    expect(merged([spend(2, 'b')], [spend(1, 'a'), spend(2, 'b')])).toEqual([spend(1, 'a'), spend(2, 'b')])
    expect(isForked(merged([spend(2, 'b')], [spend(1, 'a')]))).toBe(false)
  })
})

/** Uptime over any life of a controller: kills, clocks that go forward and back, a book read from its bytes at each start. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { limits } from '@/lib/core/limits'
import {
  bayStandings,
  decodeUptime,
  emptyUptime,
  encodeUptime,
  markUptime,
  uptimeOf,
  uptimeRatio,
  type BayStanding,
  type UptimeBook,
} from '@/lib/telemetry/uptime'

const dayS = 86_400
const beginS = 20_000 * dayS
const standing = fc.constantFrom(...bayStandings.filter((one) => one !== 'dark'))
const total = (book: UptimeBook): number => bayStandings.reduce((sum, one) => sum + uptimeOf(book, 1)[one], 0)
const ofBay = (one: BayStanding): ReadonlyMap<number, BayStanding> => new Map([[1, one]])

const read = (book: UptimeBook): UptimeBook => {
  const known = decodeUptime(encodeUptime(book))
  if (known === undefined) throw new Error('A book does not read its own bytes.')
  return known
}

const step = fc.record({
  kind: fc.constantFrom('lived', 'killed'),
  seconds: fc.integer({ min: 0, max: 40_000 }),
  standing,
})

test('every second of a life with kills counts once: what ran as it was, the rest as dark', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let [book, nowS] = [markUptime(emptyUptime, beginS, undefined, ofBay('up')), beginS]
      const expected = new Map<BayStanding, number>()
      for (const { kind, seconds, standing } of steps) {
        nowS += seconds
        const isLived = kind === 'lived'
        book = markUptime(isLived ? book : read(book), nowS, isLived ? seconds : undefined, ofBay(standing))
        const counted = isLived ? standing : 'dark'
        expected.set(counted, (expected.get(counted) ?? 0) + seconds)
      }
      // 40 times 40,000 s are 19 days: nothing is forgotten yet.
      for (const one of bayStandings) expect(uptimeOf(book, 1)[one]).toBe(expected.get(one) ?? 0)
    }),
  )
})

const jumped = fc.record({
  jumpS: fc.integer({ min: -50 * dayS, max: 50 * dayS }),
  livedS: fc.option(fc.integer({ min: 0, max: 40 * dayS }), { nil: undefined }),
  standing,
})

test('whatever the clock does, no day has more seconds than a day, no more than thirty days are kept, and the bytes are read', () => {
  fc.assert(
    fc.property(fc.array(jumped, { maxLength: 30 }), (steps) => {
      let [book, nowS] = [emptyUptime, beginS]
      for (const { jumpS, livedS, standing } of steps) {
        nowS = Math.max(0, nowS + jumpS)
        book = read(markUptime(book, nowS, livedS, ofBay(standing)))
        expect(book.days.length).toBeLessThanOrEqual(limits.uptimeDaysMax)
        for (const day of book.days)
          expect(bayStandings.reduce((sum, one) => sum + day[one], 0)).toBeLessThanOrEqual(dayS)
      }
      expect(total(book)).toBeLessThanOrEqual(limits.uptimeDaysMax * dayS)
    }),
  )
})

test('a clock that jumps forward while the controller runs makes no outage', () => {
  const running = markUptime(emptyUptime, beginS, undefined, ofBay('up'))
  const jumpedFar = markUptime(running, beginS + 5 * dayS, 60, ofBay('up'))
  expect(uptimeOf(jumpedFar, 1)).toEqual({ up: 60, faulted: 0, silent: 0, takenOut: 0, closed: 0, dark: 0 })
  expect(uptimeRatio(uptimeOf(jumpedFar, 1))).toBe(1)
})

test('an outage that a clock set back hides is not counted again when the clock is right', () => {
  const before = markUptime(emptyUptime, beginS, undefined, ofBay('up'))
  const back = markUptime(before, beginS - 3_600, undefined, ofBay('up'))
  const right = markUptime(back, beginS + 600, undefined, ofBay('up'))
  expect(uptimeOf(right, 1).dark).toBe(600)
})

test('what is no book is none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const book = decodeUptime(bytes)
      if (book !== undefined) expect([...encodeUptime(book)]).toEqual([...bytes])
    }),
  )
  expect(decodeUptime(encodeUptime(emptyUptime).subarray(1))).toBeUndefined()
})

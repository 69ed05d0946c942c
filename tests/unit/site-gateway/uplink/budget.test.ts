import { expect, test } from 'vitest'
import { epochSeconds } from '@/lib/core/units'
import { dayOf, mayLeave, overheadBytes } from '@/site-gateway/uplink/budget'

const dayMax = 100_000
const nowS = epochSeconds(1_800_000_000)

test('a line that is not metered carries everything', () => {
  expect(mayLeave(2_000_000, 'later', 1e12, undefined, nowS)).toBe(true)
})

test('a fifth of the day is left for what is urgent, and not one byte more than the day', () => {
  const room = dayMax - overheadBytes
  expect(mayLeave(0, 'ordinary', dayMax * 0.8 - overheadBytes, dayMax, nowS)).toBe(true)
  expect(mayLeave(1, 'ordinary', dayMax * 0.8 - overheadBytes, dayMax, nowS)).toBe(false)
  expect(mayLeave(1, 'urgent', dayMax * 0.8 - overheadBytes, dayMax, nowS)).toBe(true)
  expect(mayLeave(0, 'urgent', room, dayMax, nowS)).toBe(true)
  expect(mayLeave(1, 'urgent', room, dayMax, nowS)).toBe(false)
})

test('a day ends at midnight UTC', () => {
  expect(dayOf(epochSeconds(86_399))).toBe(0)
  expect(dayOf(epochSeconds(86_400))).toBe(1)
})

import { expect, test } from 'vitest'
import { beginAttempt, isUsablePin, noTries, triesLeft, triesMax, type PinTries } from '@/lib/wallet/pin-gate'

function tried(tries: PinTries, nowMs: number): PinTries {
  const attempt = beginAttempt(tries, nowMs)
  if (attempt.kind !== 'try') throw new Error(attempt.kind)
  return attempt.tries
}

test('three wrong PINs cost no wait, later ones more and more, and after the tenth it is over', () => {
  let tries = noTries
  let nowMs = 1_000_000
  const waitedS: number[] = []
  for (let count = 1; count <= triesMax; count += 1) {
    tries = tried(tries, nowMs)
    waitedS.push(Math.max(0, tries.notBeforeMs - nowMs) / 1_000)
    nowMs = Math.max(nowMs, tries.notBeforeMs)
  }
  expect(waitedS).toEqual([0, 0, 0, 30, 60, 300, 900, 3_600, 3_600, 3_600])
  expect(triesLeft(tries)).toBe(0)
  expect(beginAttempt(tries, nowMs).kind).toBe('over')
})

test('an attempt before its time is neither taken nor counted', () => {
  const tries = { count: 4, notBeforeMs: 50_000 }
  expect(beginAttempt(tries, 49_999)).toEqual({ kind: 'wait', untilMs: 50_000 })
  expect(beginAttempt(tries, 50_000).kind).toBe('try')
})

test('a clock that was set back never locks out for longer than an hour', () => {
  expect(beginAttempt({ count: 4, notBeforeMs: 9_000_000_000 }, 1_000)).toEqual({
    kind: 'wait',
    untilMs: 1_000 + 3_600_000,
  })
})

test.each([
  ['482915', true],
  ['111222', false],
  ['113355', true],
  ['123456', false],
  ['987654', false],
  ['000000', false],
  ['12345', false],
  ['4829156729013', false],
  ['48a915', false],
])('whether %s may be a PIN: %s', (pin, isUsable) => {
  expect(isUsablePin(pin)).toBe(isUsable)
})

import { expect, test } from 'vitest'
import { durationMs, epochSeconds } from '@/lib/core/units'
import { noDeclines, noteDecline, restartAnomaly, tamperAnomaly } from '@/charger-kiosk/safety/anomalies'
import { sealFindings } from '@/charger-kiosk/safety/seals'

function declines(...atS: readonly number[]): string[] {
  let book = noDeclines
  return atS.flatMap((second) => {
    const noted = noteDecline(book, 'a'.repeat(16), 'wallet.cap', durationMs(second * 1_000))
    book = noted.book
    return noted.anomaly === undefined ? [] : [`${second}`]
  })
}

test('five declines of one wallet in ten minutes are told once an hour', () => {
  expect(declines(0, 10, 20, 30)).toEqual([])
  expect(declines(0, 10, 20, 30, 40, 50, 60)).toEqual(['40'])
  expect(declines(0, 200, 400, 600, 800)).toEqual([])
  const untiring = Array.from({ length: 100 }, (_, turn) => turn * 60)
  expect(declines(...untiring)).toEqual(['240', '3840'])
})

test('wallets without number fill no memory', () => {
  let book = noDeclines
  for (let wallet = 0; wallet < 500; wallet += 1) {
    book = noteDecline(book, `wallet-${wallet}`, 'wallet.cap', durationMs(wallet)).book
  }
  expect(book.size).toBe(64)
})

test('the fourth start within an hour is told, and no other', () => {
  const boots = (...minutesAgo: readonly number[]) =>
    restartAnomaly(
      minutesAgo.map((minutes) => epochSeconds(1_793_000_000 - minutes * 60)),
      epochSeconds(1_793_000_000),
    )?.what
  expect(boots(1, 2)).toBeUndefined()
  expect(boots(1, 2, 59)).toBe('anomaly.restarts')
  expect(boots(1, 2, 61)).toBeUndefined()
  expect(boots(1, 2, 3, 4)).toBeUndefined()
})

test('a charger that says that it was opened is heard', () => {
  expect(tamperAnomaly([undefined, 'TamperDetection'], 'CP-1')).toEqual({
    what: 'anomaly.tamper',
    detail: 'CP-1: TamperDetection',
  })
  expect(tamperAnomaly(['no error', undefined], 'CP-1')).toBeUndefined()
})

test.each([
  ['whole and the same', [{ place: 'meter', number: 'A1', isIntact: true }], []],
  ['broken', [{ place: 'meter', number: 'A1', isIntact: false }], ['seal.broken']],
  ['another', [{ place: 'meter', number: 'B2', isIntact: true }], ['seal.changed']],
  ['gone', [{ place: 'housing', number: 'A1', isIntact: true }], ['seal.missing']],
])('a seal that is %s', (_name, found, expected) => {
  expect(sealFindings([{ place: 'meter', number: 'A1' }], found).map(({ what }) => what)).toEqual(expected)
})

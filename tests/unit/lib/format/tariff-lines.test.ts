import { expect, test } from 'vitest'
import { changedLines, tariffLines } from '@/lib/format/tariff-lines'

const free = {
  currency: 'EUR',
  energyPerKwh: 0,
  timePerMinute: 0,
  perSession: 0,
  idlePerMinute: 0,
  idleGraceMinutes: 15,
  taxBasisPoints: 1_900,
}

test('parts stand in the order that the law asks for', () => {
  const lines = tariffLines({
    ...free,
    idlePerMinute: 1_000,
    perSession: 5_000,
    timePerMinute: 200,
    energyPerKwh: 4_900,
  })
  expect(lines.map((line) => line.kind)).toEqual(['energy', 'time', 'session', 'idle'])
})

test('parts that cost nothing are left out', () => {
  expect(tariffLines({ ...free, energyPerKwh: 4_900 })).toEqual([{ kind: 'energy', rate: 4_900 }])
})

test('a free tariff says that energy is free', () => {
  expect(tariffLines(free)).toEqual([{ kind: 'energy', rate: 0 }])
})

test('an announced change tells what it alters, and nothing else', () => {
  const change = { atS: 1, energyPerKwh: 5_900, timePerMinute: 200, idlePerMinute: 0 }
  expect(
    changedLines({ ...free, energyPerKwh: 4_900, timePerMinute: 200, idlePerMinute: 1_000, change }),
  ).toEqual([
    { kind: 'energy', rate: 5_900 },
    { kind: 'idle', rate: 0, graceMinutes: 15 },
  ])
  expect(changedLines(free)).toEqual([])
})

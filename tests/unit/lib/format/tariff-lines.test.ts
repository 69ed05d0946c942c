import { expect, test } from 'vitest'
import { tariffLines } from '@/lib/format/tariff-lines'

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

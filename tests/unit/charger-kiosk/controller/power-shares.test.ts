import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { leastA, sharePower, type Sharer } from '@/charger-kiosk/controller/power-shares'

const sharer = (bay: number, weight = 1, maxA = 32): Sharer => ({ bay, weight, maxA })
const shares = (capA: number, sharers: readonly Sharer[], turn = 0): readonly number[] =>
  [...sharePower(capA, sharers, turn)].sort(([left], [right]) => left - right).map(([, amperes]) => amperes)

describe('a cap among bays', () => {
  test.each([
    ['is nobody’s business while it suffices', 64, [sharer(1), sharer(2)], [32, 32]],
    ['is halved between equals', 40, [sharer(1), sharer(2)], [20, 20]],
    ['gives thrice the weight thrice the current', 40, [sharer(1, 3), sharer(2, 1)], [30, 10]],
    ['gives what one cannot take to the others', 40, [sharer(1, 3, 16), sharer(2, 1)], [16, 24]],
    ['leaves the lightest the least at which a vehicle charges', 40, [sharer(1, 50), sharer(2, 1)], [32, 8]],
    [
      'lets the lightest wait where the least is not there for all',
      16,
      [sharer(1, 2), sharer(2, 1), sharer(3, 2)],
      [8, 0, 8],
    ],
    ['serves nobody below the least', 5, [sharer(1), sharer(2)], [0, 0]],
  ] as const)('%s', (_name, capA, sharers, expected) => {
    expect(shares(capA, sharers)).toEqual(expected)
  })

  test('equals take turns in waiting', () => {
    const three = [sharer(1), sharer(2), sharer(3)]
    const waiting = [0, 1, 2].map((turn) => shares(12, three, turn).indexOf(0))
    expect([...waiting].sort()).toEqual([0, 1, 2])
  })
})

const anySharers = fc.uniqueArray(
  fc.record({
    bay: fc.integer({ min: 1, max: 20 }),
    weight: fc.integer({ min: 1, max: 100 }),
    maxA: fc.integer({ min: 0, max: 80 }),
  }),
  { selector: ({ bay }) => bay, maxLength: 8 },
)

test('no share passes its own limit, all together never pass the cap, and none lies where no vehicle charges', () => {
  fc.assert(
    fc.property(fc.nat(300), anySharers, fc.nat(50), (capA, sharers, turn) => {
      const given = sharePower(capA, sharers, turn)
      const sum = [...given.values()].reduce((total, amperes) => total + amperes, 0)
      expect(sum).toBeLessThanOrEqual(Math.max(capA, 0))
      for (const { bay, maxA } of sharers) {
        const amperes = given.get(bay) ?? -1
        expect(amperes).toBeGreaterThanOrEqual(0)
        expect(amperes).toBeLessThanOrEqual(maxA)
        expect(amperes === 0 || amperes >= Math.min(leastA, maxA)).toBe(true)
      }
    }),
  )
})

test('the order in which bays stand says nothing', () => {
  fc.assert(
    fc.property(fc.nat(300), anySharers, fc.nat(50), (capA, sharers, turn) => {
      expect(shares(capA, sharers.toReversed(), turn)).toEqual(shares(capA, sharers, turn))
    }),
  )
})

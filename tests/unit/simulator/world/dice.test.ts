/** Chance that can be repeated: the same seed throws the same, on every machine. */

import { expect, test } from 'vitest'
import { Dice } from '@/simulator/world/dice'

test('The same seed throws the same, and another one something else', () => {
  const throws = (seed: string): number[] => {
    const dice = new Dice(seed)
    return Array.from({ length: 20 }, () => dice.below(1_000))
  }
  expect(throws('7')).toEqual(throws('7'))
  expect(throws('7')).not.toEqual(throws('8'))
})

test('These throws are the same wherever they are thrown', () => {
  const dice = new Dice('golden')
  expect([dice.below(1_000_000), dice.below(1_000_000), dice.between(5, 9)]).toMatchInlineSnapshot(`
    [
      247761,
      886361,
      7,
    ]
  `)
  expect([...dice.bytes(6)]).toMatchInlineSnapshot(`
    [
      187,
      82,
      193,
      179,
      90,
      134,
    ]
  `)
})

test('A fork throws on its own: what it throws changes nothing in the other', () => {
  const alone = new Dice('1')
  const beside = new Dice('1')
  beside.fork('road').bytes(100)
  expect(beside.below(1_000_000)).toBe(alone.below(1_000_000))
  expect(new Dice('1').fork('a').below(1_000_000)).not.toBe(new Dice('1').fork('b').below(1_000_000))
})

test('Throws stay in their bounds and reach both ends', () => {
  const dice = new Dice('bounds')
  const thrown = new Set(Array.from({ length: 400 }, () => dice.between(3, 6)))
  expect([...thrown].sort()).toEqual([3, 4, 5, 6])
  expect(() => dice.pick([])).toThrow(RangeError)
})

test('Chances come true about as often as they say', () => {
  const dice = new Dice('shares')
  const hits = Array.from({ length: 10_000 }, () => dice.chance(0.3)).filter(Boolean).length
  expect(hits).toBeGreaterThan(2_800)
  expect(hits).toBeLessThan(3_200)
})

/** Neighbours with any links between them, which lose, repeat and come and go: once they hold, everybody's parcels are answered. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { limits } from '@/lib/core/limits'
import { letterOf, MeshYard, rounds } from '../fixtures/mesh-yard'

const sizeMax = 7
const letters = await Promise.all(Array.from({ length: sizeMax }, (_, at) => letterOf(at, `log of ${at}`)))

const fates = ['through', 'through', 'call-lost', 'reply-lost', 'twice'] as const
const end = fc.nat(sizeMax - 1)

const yards = fc.record({
  /** Each charger but the first hangs on an earlier one: all are joined. */
  parents: fc.tuple(...Array.from({ length: sizeMax - 1 }, (_, at) => fc.nat(at))),
  more: fc.array(fc.tuple(end, end), { maxLength: 6 }),
  uplink: end,
  storm: fc.array(
    fc.record({
      link: fc.nat(100),
      isBack: fc.boolean(),
      fate: fc.constantFrom(...fates),
      isUp: fc.boolean(),
    }),
    { maxLength: 80 },
  ),
})

test('whatever was lost, repeated or cut before, all is answered once the links hold, and then nothing moves', () => {
  fc.assert(
    fc.property(yards, ({ parents, more, uplink, storm }) => {
      const links = [
        ...parents.map((parent, at) => [parent, at + 1] as const),
        ...more.filter(([one, other]) => one !== other),
      ]
      const yard = new MeshYard(sizeMax, letters)
      letters.forEach((letter, at) => yard.offer(at, letter))
      for (const { link, isBack, fate, isUp } of storm) {
        const [one, other] = links[link % links.length] ?? [0, 1]
        if (isUp) yard.uplink(uplink)
        yard.ask(...(isBack ? ([other, one] as const) : ([one, other] as const)), fate)
      }
      rounds(yard, links, [uplink], 3 * limits.meshHopsMax)
      letters.forEach((letter, at) => expect(yard.isAnswered(at, letter)).toBe(true))
      // Nobody carries a parcel more than once.
      for (const count of yard.copies.values()) expect(count).toBeLessThan(sizeMax)
      const moved = [[...yard.copies.values()], yard.answersMoved]
      rounds(yard, links, [uplink], 2)
      expect([[...yard.copies.values()], yard.answersMoved]).toEqual(moved)
    }),
    { numRuns: 60 },
  )
})

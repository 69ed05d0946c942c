import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideDoubt, openDoubtMinor, type DecidedClaim } from '@/lib/cloud/cases/decided-claim'

test.each([
  ['nothing decided', 980, 1_960, undefined, 980],
  ['all decided', 980, 1_960, { fromMinor: 980, toMinor: 1_960 }, 0],
  ['a higher claim since', 980, 2_500, { fromMinor: 980, toMinor: 1_960 }, 540],
  ['a lower receipt since', 500, 1_960, { fromMinor: 980, toMinor: 1_960 }, 480],
  ['both since', 500, 2_500, { fromMinor: 980, toMinor: 1_960 }, 1_020],
  ['no difference', 700, 700, undefined, 0],
] as const)('%s', (_name, owed, claimed, decided, expected) => {
  expect(openDoubtMinor(owed, claimed, decided)).toBe(expected)
})

test('whatever evidence comes between verdicts, each cent of a claim is in doubt until it is decided once', () => {
  const change = fc.record({
    fall: fc.integer({ min: 0, max: 400 }),
    rise: fc.integer({ min: 0, max: 400 }),
    isDecided: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5_000 }), fc.array(change, { maxLength: 12 }), (start, changes) => {
      let [owed, claimed] = [start, start]
      let decided: DecidedClaim | undefined
      const open = new Set<number>()
      const done = new Set<number>()
      for (const { fall, rise, isDecided } of changes) {
        owed = Math.max(0, owed - fall)
        claimed += rise
        for (let cent = owed; cent < claimed; cent += 1) if (!done.has(cent)) open.add(cent)
        const doubt = openDoubtMinor(owed, claimed, decided)
        expect(doubt).toBe(open.size)
        if (!isDecided || doubt === 0) continue
        decided = decideDoubt(owed, doubt, decided)
        for (const cent of open) done.add(cent)
        open.clear()
        expect(openDoubtMinor(owed, claimed, decided)).toBe(0)
      }
    }),
  )
})

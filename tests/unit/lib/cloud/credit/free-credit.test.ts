import { expect, test } from 'vitest'
import fc from 'fast-check'
import { drawFor, freeOf, givesBack } from '@/lib/cloud/credit/free-credit'

const amount = fc.integer({ min: 0, max: 1_000_000 })

test('whatever is set aside, paid in and lowered, never more is drawn than the line allowed at that moment', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('aside' as const), by: amount }),
    fc.record({ kind: fc.constant('in' as const), by: amount }),
    fc.record({ kind: fc.constant('limit' as const), by: amount }),
    fc.record({ kind: fc.constant('back' as const), by: amount }),
  )
  fc.assert(
    fc.property(amount, fc.array(step, { maxLength: 60 }), (limitMinor, steps) => {
      let at = { availableMinor: 0, drawnMinor: 0, limitMinor }
      for (const { kind, by } of steps) {
        if (kind === 'in') at = { ...at, availableMinor: at.availableMinor + by }
        else if (kind === 'limit') at = { ...at, limitMinor: by }
        else if (kind === 'back') {
          const back = givesBack(at)
          at = { ...at, availableMinor: at.availableMinor - back, drawnMinor: at.drawnMinor - back }
        } else {
          const free = freeOf(at)
          const draw = drawFor(by, at)
          expect(draw === undefined).toBe(by > free)
          if (draw === undefined) continue
          at = { ...at, availableMinor: at.availableMinor + draw - by, drawnMinor: at.drawnMinor + draw }
          expect(at.availableMinor - at.drawnMinor).toBeGreaterThanOrEqual(0 - at.limitMinor)
        }
        expect(at.availableMinor).toBeGreaterThanOrEqual(0)
        expect(at.drawnMinor).toBeGreaterThanOrEqual(0)
      }
    }),
  )
})

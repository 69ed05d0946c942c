import { expect, test } from 'vitest'
import { parcelId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { epochSeconds } from '@/lib/core/units'
import { mayHandOut, withCopy, type HandedOut } from '@/lib/sync/copy-limit'
import type { ParcelPriority } from '@/lib/sync/parcel'

const idOf = (number: number) => parcelId(number.toString(16).padStart(32, '0'))
const id = idOf(1)
const at = (seconds: number) => epochSeconds(1_700_000_000 + seconds)
const none: HandedOut = new Map()

function copiesGiven(priority: ParcelPriority, atS = at(0), handed = none): number {
  let given = 0
  for (let now = handed; mayHandOut(now, { id, priority }, atS) && given < 100; given += 1)
    now = withCopy(now, id, atS)
  return given
}

test('a few carriers get a parcel, more of them what is urgent, one what can wait', () => {
  expect([copiesGiven('urgent'), copiesGiven('ordinary'), copiesGiven('later')]).toEqual([8, 3, 1])
})

test('after a day without an acknowledgement it is given again, and not an instant before', () => {
  const handed = withCopy(none, id, at(0))
  expect(mayHandOut(handed, { id, priority: 'later' }, at(86_399))).toBe(false)
  expect(mayHandOut(handed, { id, priority: 'later' }, at(86_400))).toBe(true)
})

test('later copies do not make the day begin anew', () => {
  const handed = withCopy(withCopy(none, id, at(0)), id, at(80_000))
  expect(copiesGiven('ordinary', at(80_001), handed)).toBe(1)
  expect(copiesGiven('ordinary', at(86_400), handed)).toBe(3)
})

test('a clock that is set back withholds nothing', () => {
  expect(mayHandOut(withCopy(none, id, at(0)), { id, priority: 'later' }, at(-1))).toBe(true)
})

test('one parcel’s copies say nothing of another’s', () => {
  expect(mayHandOut(withCopy(none, id, at(0)), { id: idOf(2), priority: 'later' }, at(0))).toBe(true)
})

test('no more parcels are remembered than a bag holds, and those of yesterday are forgotten', () => {
  const start: HandedOut = new Map(
    Array.from({ length: limits.bagItemsMax }, (_, number) => [
      idOf(number + 2),
      { count: 1, firstAtS: at(number) },
    ]),
  )
  const full = withCopy(start, id, at(limits.bagItemsMax))
  expect(full.size).toBe(limits.bagItemsMax)
  expect(full.has(idOf(2))).toBe(false)
  expect([...withCopy(full, id, at(200_000)).keys()]).toEqual([id])
})

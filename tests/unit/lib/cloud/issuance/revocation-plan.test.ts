import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { grantSerial } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import {
  announcedMax,
  planRevocations,
  type RevocationPlan,
  type Revoked,
} from '@/lib/cloud/issuance/revocation-plan'
import { shortIdOf } from '@/lib/protocol/messages/revocation-delta'

const serialOf = (epoch: number) => grantSerial(`${epoch.toString(16).padStart(8, '0')}00000000`)
/** Grants that were revoked in these epochs and have not expired. */
const live = (epochs: readonly number[]): Revoked[] =>
  epochs.map((epoch) => ({ serial: serialOf(epoch), epoch }))
const upTo = (count: number): Revoked[] => live(Array.from({ length: count }, (_, index) => index + 1))

/** A charger that stands at `epoch` and takes what it is told, as chargers do. */
function follow(plan: RevocationPlan, epoch: number, known: ReadonlySet<string>) {
  let at = epoch
  let ids = new Set(known)
  if (plan.list.epoch >= at) {
    at = plan.list.epoch
    ids = new Set(plan.list.serials.map(shortIdOf))
  }
  for (const delta of plan.deltas.toSorted((left, right) => left.fromEpoch - right.fromEpoch)) {
    if (delta.epoch <= at || delta.fromEpoch > at) continue
    at = delta.epoch
    for (const id of delta.added) ids.add(id)
  }
  return { at, ids }
}

describe('a plan', () => {
  test('without revocations is an empty list of the present epoch', () => {
    expect(planRevocations([], 7)).toEqual({ list: { epoch: 7, serials: [] }, deltas: [] })
  })

  test('of a few is a whole list and one delta that any device can take', () => {
    const plan = planRevocations(live([3, 5, 9]), 9)
    expect(plan.list).toEqual({ epoch: 9, serials: [serialOf(3), serialOf(5), serialOf(9)] })
    expect(plan.deltas).toEqual([
      { fromEpoch: 0, epoch: 9, added: [serialOf(3), serialOf(5), serialOf(9)].map(shortIdOf) },
    ])
  })

  test('offers short ways to devices that are nearly up to date', () => {
    const { deltas } = planRevocations(upTo(300), 300)
    expect(deltas.map(({ fromEpoch, epoch, added }) => [fromEpoch, epoch, added.length])).toEqual([
      [280, 300, 20],
      [160, 300, 140],
      [100, 300, 200],
    ])
  })

  test('names the epoch before the first that the list has no room for, and goes on in steps', () => {
    const plan = planRevocations(upTo(1_000), 1_000)
    expect(plan.list.serials).toHaveLength(limits.revokedSerialsMax)
    expect(plan.list.epoch).toBe(400)
    const steps = plan.deltas.map(({ fromEpoch, epoch }) => [fromEpoch, epoch])
    expect(steps).toEqual(expect.arrayContaining([[400, 600], [600, 800], [800, 1_000]])) // prettier-ignore
  })

  test('beyond what one answer carries ends honestly before the present', () => {
    const plan = planRevocations(upTo(announcedMax + 50), announcedMax + 50)
    expect(Math.max(...plan.deltas.map(({ epoch }) => epoch))).toBe(announcedMax)
  })
})

test('whoever follows a plan from any epoch knows every grant up to the epoch that it then names', () => {
  const epochs = fc
    .uniqueArray(fc.integer({ min: 1, max: 4_000 }), { maxLength: 1_500 })
    .map((list) => list.toSorted((left, right) => left - right))
  fc.assert(
    fc.property(epochs, fc.nat(4_000), fc.nat(300), (revokedIn, start, later) => {
      const epoch = (revokedIn.at(-1) ?? 0) + later
      const device = Math.min(start, epoch)
      const all = live(revokedIn)
      const before = all.filter((one) => one.epoch <= device).map(({ serial }) => shortIdOf(serial))
      const { at, ids } = follow(planRevocations(all, epoch), device, new Set(before))
      const missing = all.filter((one) => one.epoch <= at && !ids.has(shortIdOf(one.serial)))
      expect(missing).toEqual([])
      expect(at).toBe(epoch)
    }),
    { numRuns: 60 },
  )
})

test('every delta fits a code of its size', () => {
  const { deltas } = planRevocations(upTo(5_000), 5_000)
  expect(deltas[0]?.added.length).toBeLessThanOrEqual(20)
  expect(Math.max(...deltas.map(({ added }) => added.length))).toBe(limits.deltaSerialsMax)
})

import { expect, test } from 'vitest'
import { chargerId, parcelId } from '@/lib/core/ids'
import { epochSeconds } from '@/lib/core/units'
import type { ParcelPriority } from '@/lib/sync/parcel'
import { nextUp, pastTheirTime, pilesOf, roomFor, type KeptParcel } from '@/site-gateway/store/shelf'

const limits = { bytesMax: 100, chargerBytesMax: 60, chargerCountMax: 5 }

const parcel = (arrival: number, charger: string, priority: ParcelPriority, sizeBytes = 20): KeptParcel => ({
  ...{ arrival, priority, sizeBytes, charger: chargerId(charger) },
  id: parcelId(arrival.toString(16).padStart(32, '0')),
  keptAtS: epochSeconds(1_000 + arrival),
  endsAtS: epochSeconds(2_000 + arrival),
})

const arrivals = (parcels: readonly KeptParcel[] | undefined): readonly number[] | undefined =>
  parcels?.map(({ arrival }) => arrival)

const coming = (charger: string, priority: ParcelPriority, sizeBytes = 20) => ({
  ...{ charger: chargerId(charger), priority, sizeBytes },
})

test('while there is room nothing goes', () => {
  expect(roomFor([parcel(1, 'A', 'later')], coming('B', 'later'), limits)).toEqual([])
})

test('the least urgent go first, the oldest of them before the others, and only as many as it needs', () => {
  const shelf = [
    parcel(1, 'A', 'ordinary', 30),
    parcel(2, 'B', 'later'),
    parcel(3, 'C', 'later'),
    parcel(4, 'D', 'urgent', 30),
  ]
  expect(arrivals(roomFor(shelf, coming('E', 'urgent'), limits))).toEqual([2])
  expect(arrivals(roomFor(shelf, coming('E', 'urgent', 50), limits))).toEqual([2, 3, 1])
})

test('nothing that is as urgent makes room, whatever its age', () => {
  const shelf = [1, 2, 3, 4, 5].map((arrival) => parcel(arrival, `C${arrival}`, 'urgent'))
  expect(roomFor(shelf, coming('E', 'urgent'), limits)).toBeUndefined()
  expect(roomFor(shelf, coming('E', 'later'), limits)).toBeUndefined()
})

test('a charger that has its share makes room among its own, and takes none of the others', () => {
  const shelf = [parcel(1, 'B', 'later'), parcel(2, 'A', 'ordinary', 40), parcel(3, 'A', 'later')]
  expect(arrivals(roomFor(shelf, coming('A', 'urgent'), limits))).toEqual([3])
  expect(roomFor(shelf, coming('A', 'later'), limits)).toBeUndefined()
  const many = [1, 2, 3, 4, 5].map((arrival) => parcel(arrival, 'A', 'ordinary', 1))
  expect(roomFor(many, coming('A', 'ordinary', 1), limits)).toBeUndefined()
  expect(arrivals(roomFor(many, coming('A', 'urgent', 1), limits))).toEqual([1])
})

test('what is urgent pulls the earlier parcels of its charger along, because a log is read from its beginning', () => {
  const shelf = [
    parcel(1, 'A', 'ordinary'),
    parcel(2, 'B', 'ordinary'),
    parcel(3, 'B', 'urgent'),
    parcel(4, 'C', 'urgent'),
  ]
  const order: number[] = []
  for (let left = shelf; left.length > 0;) {
    const next = nextUp(left)?.parcel
    order.push(next?.arrival ?? 0)
    left = left.filter((one) => one !== next)
  }
  expect(order).toEqual([2, 3, 4, 1])
  expect(nextUp(shelf)).toMatchObject({ parcel: { arrival: 2 }, priority: 'urgent' })
})

test('a charger that is paused holds up nobody', () => {
  const shelf = [parcel(1, 'A', 'urgent'), parcel(2, 'B', 'later')]
  expect(nextUp(shelf, (charger) => charger === 'A')?.parcel.arrival).toBe(2)
  expect(nextUp(shelf, () => true)).toBeUndefined()
})

test('what is past its time is told, and what waits is counted by how urgent it is', () => {
  const shelf = [parcel(1, 'A', 'urgent'), parcel(2, 'A', 'later'), parcel(3, 'B', 'later')]
  expect(arrivals(pastTheirTime(shelf, epochSeconds(2_002)))).toEqual([1])
  expect(
    pilesOf(shelf).map(({ priority, count, oldestKeptAtS }) => [priority, count, oldestKeptAtS]),
  ).toEqual([
    ['urgent', 1, 1_001],
    ['ordinary', 0, undefined],
    ['later', 2, 1_002],
  ])
})

/** What is kept, who goes first, and who goes when there is no room: pure, over the labels alone. */

import type { ChargerId, ParcelId } from '@/lib/core/ids'
import type { EpochSeconds } from '@/lib/core/units'
import { parcelPriorities, type ParcelPriority } from '@/lib/sync/parcel'

/** A parcel on the disk, without its bytes. */
export interface KeptParcel {
  /** Grows with every parcel that came; of one charger, the order of its log. */
  readonly arrival: number
  readonly charger: ChargerId
  readonly id: ParcelId
  readonly priority: ParcelPriority
  readonly sizeBytes: number
  readonly keptAtS: EpochSeconds
  readonly endsAtS: EpochSeconds
}

export interface ShelfLimits {
  readonly bytesMax: number
  /** Of one charger, so that no charger that went mad crowds out the others. */
  readonly chargerBytesMax: number
  readonly chargerCountMax: number
}

export type Incoming = Pick<KeptParcel, 'charger' | 'priority' | 'sizeBytes'>

const rankOf = (priority: ParcelPriority): number => parcelPriorities.indexOf(priority)
const sizeOf = (parcels: readonly KeptParcel[]): number =>
  parcels.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)

/**
 * What has to go so that this one fits: only what matters less, the least and oldest of it first. Undefined: no room.
 * Nothing is lost by that; its charger hands it over again.
 */
export function roomFor(
  shelf: readonly KeptParcel[],
  incoming: Incoming,
  limits: ShelfLimits,
): readonly KeptParcel[] | undefined {
  const going: KeptParcel[] = []
  const lesser = shelf
    .filter(({ priority }) => rankOf(priority) > rankOf(incoming.priority))
    .sort((one, other) => rankOf(other.priority) - rankOf(one.priority) || one.arrival - other.arrival)
  const makeRoom = (
    isMeant: (parcel: KeptParcel) => boolean,
    bytesMax: number,
    countMax: number,
  ): boolean => {
    const staying = shelf.filter((parcel) => isMeant(parcel) && !going.includes(parcel))
    let bytes = sizeOf(staying) + incoming.sizeBytes
    let count = staying.length + 1
    for (const parcel of lesser) {
      if (bytes <= bytesMax && count <= countMax) break
      if (!isMeant(parcel) || going.includes(parcel)) continue
      going.push(parcel)
      bytes -= parcel.sizeBytes
      count -= 1
    }
    return bytes <= bytesMax && count <= countMax
  }
  const isOwn = ({ charger }: KeptParcel): boolean => charger === incoming.charger
  const fits =
    makeRoom(isOwn, limits.chargerBytesMax, limits.chargerCountMax) &&
    makeRoom(() => true, limits.bytesMax, Number.MAX_SAFE_INTEGER)
  return fits ? going : undefined
}

export interface NextUp {
  readonly parcel: KeptParcel
  /** Of the most urgent parcel that waits behind it. */
  readonly priority: ParcelPriority
}

/**
 * Which leaves next. A log is taken in from its beginning, so what is urgent pulls the earlier parcels of its charger
 * along: chargers are ranked by the most urgent parcel that each has, and of the first the oldest parcel goes.
 */
export function nextUp(
  shelf: readonly KeptParcel[],
  isPaused: (charger: ChargerId) => boolean = () => false,
): NextUp | undefined {
  let best: KeptParcel | undefined
  for (const parcel of shelf) {
    if (isPaused(parcel.charger)) continue
    const isBetter =
      best === undefined ||
      rankOf(parcel.priority) < rankOf(best.priority) ||
      (parcel.priority === best.priority && parcel.arrival < best.arrival)
    if (isBetter) best = parcel
  }
  if (best === undefined) return undefined
  const { charger, priority } = best
  const queue = shelf.filter((parcel) => parcel.charger === charger)
  const first = queue.reduce((oldest, parcel) => (parcel.arrival < oldest.arrival ? parcel : oldest), best)
  return { parcel: first, priority }
}

export const pastTheirTime = (shelf: readonly KeptParcel[], nowS: EpochSeconds): readonly KeptParcel[] =>
  shelf.filter(({ endsAtS }) => endsAtS < nowS)

export interface Pile {
  readonly priority: ParcelPriority
  readonly count: number
  readonly sizeBytes: number
  readonly oldestKeptAtS: EpochSeconds | undefined
}

/** For people: what waits, by how urgent it is. */
export const pilesOf = (shelf: readonly KeptParcel[]): readonly Pile[] =>
  parcelPriorities.map((priority) => {
    const own = shelf.filter((parcel) => parcel.priority === priority)
    const [first] = [...own].sort((one, other) => one.keptAtS - other.keptAtS)
    return { priority, count: own.length, sizeBytes: sizeOf(own), oldestKeptAtS: first?.keptAtS }
  })

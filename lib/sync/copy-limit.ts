/**
 * How many passers-by a device gives the same parcel to ("spray and wait"): enough that one of them reaches a network, and
 * not so many that a busy charger has every phone of a day carry the same. A hint and no promise: lost, it costs bytes.
 * After a day without an acknowledgement all counts anew, because whoever took it then has most likely lost it. Pure.
 */

import type { ParcelId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import type { EpochSeconds } from '@/lib/core/units'
import type { ParcelPriority } from './parcel'

interface Copies {
  readonly count: number
  readonly firstAtS: EpochSeconds
}

export type HandedOut = ReadonlyMap<ParcelId, Copies>

const dayS = 86_400

/**
 * Chosen and not measured: if one in three who take it brings it home within the day, 3 copies bring 70 % of the parcels
 * and 8 bring 96 %.
 */
const copiesMax: Readonly<Record<ParcelPriority, number>> = { urgent: 8, ordinary: 3, later: 1 }

/** Whether one more carrier gets it. A clock that was set back before the first copy begins anew as well. */
export function mayHandOut(
  handed: HandedOut,
  { id, priority }: { readonly id: ParcelId; readonly priority: ParcelPriority },
  nowS: EpochSeconds,
): boolean {
  const copies = current(handed.get(id), nowS)
  return copies === undefined || copies.count < copiesMax[priority]
}

/** To be said once for each carrier that has all of it, however often its pieces were shown. */
export function withCopy(handed: HandedOut, id: ParcelId, nowS: EpochSeconds): HandedOut {
  const copies = current(handed.get(id), nowS) ?? { count: 0, firstAtS: nowS }
  const next = new Map([...handed].filter(([, known]) => current(known, nowS) !== undefined))
  next.delete(id)
  next.set(id, { ...copies, count: copies.count + 1 })
  const [oldest] = next.keys()
  if (next.size > limits.bagItemsMax && oldest !== undefined) next.delete(oldest)
  return next
}

const current = (copies: Copies | undefined, nowS: EpochSeconds): Copies | undefined =>
  copies !== undefined && nowS >= copies.firstAtS && nowS - copies.firstAtS < dayS ? copies : undefined

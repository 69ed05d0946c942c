/** Bytes that a metered uplink may carry a day (UTC), up and down together. Pure. */

import type { EpochSeconds } from '@/lib/core/units'
import type { ParcelPriority } from '@/lib/sync/parcel'

/** What a request and its answer need besides the parcel: heads, TLS, an answer of ordinary size. */
export const overheadBytes = 4_096
/** What is not urgent leaves a fifth of the day for what is. */
const ordinaryShare = 0.8

export const dayOf = (timeS: EpochSeconds): number => Math.floor(timeS / 86_400)

/** @param bytesPerDayMax undefined: not metered */
export function mayLeave(
  sizeBytes: number,
  priority: ParcelPriority,
  spentBytes: number,
  bytesPerDayMax: number | undefined,
): boolean {
  if (bytesPerDayMax === undefined) return true
  const share = priority === 'urgent' ? bytesPerDayMax : Math.floor(bytesPerDayMax * ordinaryShare)
  return spentBytes + sizeBytes + overheadBytes <= share
}

/** Bytes that a metered uplink may carry a day (UTC), up and down together: the road's budget of `lib/sync`. Pure. */

import type { EpochSeconds } from '@/lib/core/units'
import type { ParcelPriority } from '@/lib/sync/parcel'
import { dayOf, mayStart, nothingSpent } from '@/lib/sync/road-budget'

export { dayOf }

/** What a request and its answer need besides the parcel: heads, TLS, an answer of ordinary size. */
export const overheadBytes = 4_096

/** @param bytesPerDayMax undefined: not metered */
export function mayLeave(
  sizeBytes: number,
  priority: ParcelPriority,
  spentBytes: number,
  bytesPerDayMax: number | undefined,
  nowS: EpochSeconds,
): boolean {
  if (bytesPerDayMax === undefined) return true
  const spent = { ...nothingSpent, day: dayOf(nowS), dayBytes: spentBytes }
  const cost = { bytes: sizeBytes + overheadBytes }
  return mayStart(spent, { bytesPerDayMax }, cost, priority, nowS).kind === 'yes'
}

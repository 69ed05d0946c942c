/** What the driver decided to take along for certain sites, kept until the operator has granted it. */

import type { EpochSeconds, MinorUnits } from '@/lib/core/units'

export interface TripOrder {
  readonly siteIds: readonly string[]
  readonly capMinor: MinorUnits
  /** What the grant for everywhere keeps, or null where it stays as it is. */
  readonly roamingMinor: MinorUnits | null
  readonly orderedAtS: EpochSeconds
}

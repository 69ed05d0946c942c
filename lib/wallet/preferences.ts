/** What the driver decided about this wallet; kept on this phone and nowhere else. */

import type { EpochSeconds, MinorUnits } from '@/lib/core/units'
import type { PurseId } from './purse'

export interface Preferences {
  /** Which purse pays where it can; null: whichever suits best. */
  readonly payFrom: PurseId | null
  /** Carries what the operator signed for others to chargers on the way. Off until somebody says so. */
  readonly isCourier: boolean
  /** The credit at which the word about it was put away; it comes back below that. */
  readonly lowCreditDismissedMinor: MinorUnits | null
  /** Settlements up to then were seen. */
  readonly settledSeenS: EpochSeconds | null
}

export const noPreferences: Preferences = {
  payFrom: null,
  isCourier: false,
  lowCreditDismissedMinor: null,
  settledSeenS: null,
}

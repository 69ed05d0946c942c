/** What the meter signed about a running session, as far as it is kept. */

import type { ExaminedRecord } from '@/lib/metering/meter-record'

export interface MeterRecords {
  /** At most two: the first and the last that nobody contradicts. */
  readonly kept: readonly ExaminedRecord[]
  /** The last key that came, for records without one. */
  readonly keyText: string | undefined
  /** Whether the issuer vouches for a meter's key here, so that the absence of records is news. */
  readonly isExpected: boolean
}

export const noRecords: MeterRecords = { kept: [], keyText: undefined, isExpected: false }

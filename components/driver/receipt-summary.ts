/** What a receipt looks like in a list, and the states that it passes through on its way to being settled. */

import type { ChargeRecord, ChargeState } from '@/lib/format/history/charge-record'

/** A receipt's own states; a code that was never used has none. */
export type ReceiptState = Exclude<ChargeState, 'unused'>

export type ReceiptSummary = Pick<
  ChargeRecord,
  'sessionId' | 'siteLabel' | 'bayLabel' | 'endedAtS' | 'energyWh' | 'totalMinor' | 'currency' | 'state'
>

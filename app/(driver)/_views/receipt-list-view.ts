/** The list of receipts as the address asks for it. */

import type { ReceiptListView } from '@/components/driver/receipt-list-screen'
import type { ChargeRecord } from '@/lib/format/history/charge-record'
import { filterCharges, filterChoices, noFilter, type ChargeFilter } from '@/lib/format/history/filter'
import { groupByMonth, sumsByCurrency } from '@/lib/format/history/months'

export const receiptListLoading: ReceiptListView = {
  months: null,
  filter: noFilter,
  choices: { periods: [], sites: [], states: [], payers: [] },
  shown: { count: 0, energyWh: 0, sums: [] },
  count: 0,
  nowS: 0,
}

export function receiptListView(
  charges: readonly ChargeRecord[],
  filter: ChargeFilter,
  { nowS, timeZone }: { readonly nowS: number; readonly timeZone: string },
): ReceiptListView {
  const shown = filterCharges(charges, filter, timeZone)
  return {
    months: groupByMonth(shown, timeZone),
    filter,
    choices: filterChoices(charges, timeZone),
    shown: {
      count: shown.length,
      energyWh: shown.reduce((sum, { energyWh }) => sum + energyWh, 0),
      sums: sumsByCurrency(shown),
    },
    count: charges.length,
    nowS,
  }
}

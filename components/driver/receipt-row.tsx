/** One receipt in a list: where and how much, when and how far it has come. */

import { ListRow } from '@/components/ui/list-row'
import { useFormat } from '@/lib/format/use-format'
import { ReceiptStateMark } from './receipt-state'
import type { ReceiptSummary } from './receipt-summary'

export interface ReceiptRowProps {
  readonly receipt: ReceiptSummary
  readonly nowS: number
  onOpen(sessionId: string): void
}

export function ReceiptRow({ receipt, nowS, onOpen }: ReceiptRowProps) {
  const format = useFormat()
  const when = format.moment(receipt.endedAtS, nowS)
  return (
    <ListRow
      title={receipt.siteLabel}
      note={receipt.state === 'unused' ? when : `${when} · ${format.energy(receipt.energyWh)}`}
      value={format.money(receipt.totalMinor, receipt.currency)}
      valueNote={<ReceiptStateMark state={receipt.state} />}
      onOpen={() => onOpen(receipt.sessionId)}
    />
  )
}

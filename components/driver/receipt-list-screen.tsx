/** Every receipt on this phone, newest first, by month. */

import type { ReceiptSummary } from './receipt-summary'

export interface ReceiptListView {
  /** Newest first. Null while they are being read. */
  readonly receipts: readonly ReceiptSummary[] | null
  readonly nowS: number
}

export interface ReceiptListProps {
  view: ReceiptListView
  onOpen(sessionId: string): void
  onCharge(): void
  onBack(): void
}

/** What the part about invoices is drawn from. */

import type { listInvoices, readBillingAddress } from '@/lib/cloud/operations/invoices'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type { Refusal } from '@/lib/core/reason'
import type { Progress } from '../progress'

type InvoicePage = AnswerOf<typeof listInvoices>
export type Invoice = InvoicePage['invoices'][number]
export type BillingAddress = NonNullable<AnswerOf<typeof readBillingAddress>['address']>

export type InvoiceFile = 'pdf' | 'csv'

export type InvoicesShown =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly refusal: Refusal }
  | {
      readonly kind: 'there'
      readonly invoices: readonly Invoice[]
      readonly waitsFor: InvoicePage['waitsFor']
      readonly address: BillingAddress | null
      readonly hasMore: boolean
      readonly asOfS: number
    }

export interface InvoicesView {
  readonly shown: InvoicesShown
  /** Undefined: the dialog is closed. */
  readonly addressing: Progress | undefined
  /** Which file is on its way, or could not be had. */
  readonly fetching: {
    readonly invoiceNumber: string
    readonly file: InvoiceFile
    readonly progress: Progress
  } | null
  readonly isLoadingMore: boolean
  readonly mayAddress: boolean
  readonly mayExport: boolean
}

export interface InvoiceActs {
  onOpenAddress(): void
  onCloseAddress(): void
  onAddress(address: BillingAddress): void
  onFile(invoiceNumber: string, file: InvoiceFile): void
  onMore(): void
}

/** What the credit page is drawn from. Money in minor units of one currency, times in epoch seconds. */

import type { readCredit, readCreditStatement } from '@/lib/cloud/operations/credit'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type { Refusal } from '@/lib/core/reason'
import type { PaymentMethod } from '../fleet-view'
import type { Progress } from '../progress'
import type { InvoiceActs, InvoicesView } from './invoice-view'

export type Credit = AnswerOf<typeof readCredit>
export type CreditStatement = AnswerOf<typeof readCreditStatement>

export type CreditDialog =
  | { readonly kind: 'none' }
  | { readonly kind: 'top-up'; readonly progress: Progress; readonly method: PaymentMethod | null }
  /** Back from the card provider's page, whose word is still to come or was no. */
  | { readonly kind: 'paid-elsewhere'; readonly progress: Progress }

export type StatementShown =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly refusal: Refusal }
  | { readonly kind: 'there'; readonly statement: CreditStatement; readonly asOfS: number }

export interface CreditView {
  readonly credit: Credit
  readonly statement: StatementShown
  /** `2026-09`. */
  readonly month: string
  readonly invoices: InvoicesView
  readonly mayTopUp: boolean
  readonly alertProgress: Progress
  readonly asOfS: number
  readonly nowS: number
  /** The operator does not answer; the figures are the last that were read. */
  readonly isStale: boolean
  readonly dialog: CreditDialog
}

export interface CreditActs {
  onOpenTopUp(): void
  onCloseDialog(): void
  onTopUp(order: { readonly amountMinor: number; readonly cardNumber: string | null }): void
  onAlert(belowMinor: number | null): void
  onMonth(month: string): void
  readonly invoices: InvoiceActs
}

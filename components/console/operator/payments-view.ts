/** What the page of payments draws: a statement being brought in, bank transfers by what became of them, and the question that stands open. */

import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type { importBankStatement, listBankRows } from '@/lib/cloud/operations/operator-payments'
import type { Refusal } from '@/lib/core/reason'
import type { FileProblem } from '../drivers/import-file'
import type { Progress } from '../progress'

type BankRows = AnswerOf<typeof listBankRows>
export type Transfer = BankRows['rows'][number]
export type TransferState = Transfer['state']
type Imported = AnswerOf<typeof importBankStatement>

export const transferStates = ['open', 'posted', 'left'] as const satisfies readonly TransferState[]

/** Of a whole file, all its pieces added up. */
export type StatementDone = Pick<Imported, 'missing' | 'posted' | 'open' | 'known' | 'refused'>

export type StatementStage =
  | { readonly kind: 'none' }
  | { readonly kind: 'problem'; readonly problem: FileProblem }
  /** `done` of `of`; of is null until the first piece is answered. */
  | { readonly kind: 'sending'; readonly done: number; readonly of: number | null }
  /** What was taken before stays taken: the same file again goes on. */
  | { readonly kind: 'failed'; readonly refusal: Refusal }
  | { readonly kind: 'done'; readonly done: StatementDone }

export type TransferList =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly refusal: Refusal }
  | {
      readonly kind: 'there'
      readonly transfers: readonly Transfer[]
      readonly waiting: BankRows['waiting'] & { readonly currency: string }
      readonly hasMore: boolean
      readonly asOfS: number
      readonly isStale: boolean
    }

/** Whose a transfer may be. */
export interface FleetChoice {
  readonly fleetNumber: number
  readonly name: string
}

export type TransferDialog =
  | { readonly kind: 'none' }
  | { readonly kind: 'assign' | 'leave'; readonly transfer: Transfer; readonly progress: Progress }

export interface PaymentsView {
  readonly stage: StatementStage
  readonly list: TransferList
  readonly state: TransferState
  readonly mayDecide: boolean
  readonly nowS: number
  readonly dialog: TransferDialog
  /** Found for what is typed; null while nothing was asked or answered. */
  readonly found: readonly FleetChoice[] | null
  /** What refused an act that asks no question. */
  readonly refusal: Refusal | null
}

export interface PaymentsActs {
  onFile(file: File): void
  onState(state: TransferState): void
  onMore(): void
  onOpen(dialog: TransferDialog): void
  onCloseDialog(): void
  onFind(text: string): void
  /** Null: no fleet’s. */
  onAssign(rowKey: string, fleetNumber: number | null): void
  onReopen(rowKey: string): void
}

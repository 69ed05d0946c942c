/** What the part for printed cards shows, and what can be done there. */

import type {
  listCardBatches,
  listVoidCards,
  readCardBatch,
  readCardBatchTerms,
} from '@/lib/cloud/operations/printed-cards'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type { Progress } from '../progress'

export type Batch = AnswerOf<typeof listCardBatches>['batches'][number]
export type WholeBatch = AnswerOf<typeof readCardBatch>
export type Card = WholeBatch['cards'][number]
export type BatchTerms = AnswerOf<typeof readCardBatchTerms>
export type VoidList = AnswerOf<typeof listVoidCards>
export type UnheardCharger = WholeBatch['unheard'][number]

export const cardStates = ['unused', 'used', 'used-up', 'void', 'expired'] as const
export type CardState = Card['state']

/** As it is printed and typed: the first half of the serial. */
export const shortSerial = (cardId: string): string =>
  `${cardId.slice(0, 4)}-${cardId.slice(4, 8)}`.toUpperCase()

export const isLive = ({ state }: Pick<Card, 'state'>): boolean => state === 'unused' || state === 'used'

export interface BatchOrder {
  readonly name: string
  readonly count: number
  readonly capMinor: number
  readonly sites: readonly string[]
  readonly days: number
}

/** The one question that may stand before the page. `card` null: the whole batch. */
export type PrintedDialog =
  | { readonly kind: 'none' }
  | { readonly kind: 'make'; readonly progress: Progress }
  | {
      readonly kind: 'void'
      readonly batch: Batch
      readonly card: Card | null
      readonly progress: Progress
    }

interface Looked {
  readonly currency: string
  readonly may: { readonly issue: boolean; readonly revoke: boolean }
  readonly asOfS: number
  readonly nowS: number
  readonly isStale: boolean
  readonly dialog: PrintedDialog
}

export interface BatchesView extends Looked {
  readonly batches: readonly Batch[]
  readonly hasMore: boolean
  /** Null until they are read. */
  readonly terms: BatchTerms | null
  readonly voids: VoidList | null
  readonly saving: Progress
}

export interface BatchView extends Looked {
  readonly whole: WholeBatch
  readonly state: CardState | 'all'
  readonly printing: Progress
}

export interface DialogActs {
  onClose(): void
  onMake(order: BatchOrder): void
  onVoid(batchId: string, cardId: string | null, confirmation: string): void
}

export interface BatchesActs extends DialogActs {
  onOpenMake(): void
  onOpen(batchId: string): void
  onMore(): void
  onSaveVoids(): void
}

export interface BatchActs extends DialogActs {
  onBack(): void
  onState(state: CardState | 'all'): void
  onPrint(): void
  onOpenVoid(card: Card | null): void
}

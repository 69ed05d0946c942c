/** What the pages of cases draw: shapes of the API's answers (docs/adr/0044), the filter, and the step that is asked about. */

import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type {
  listOperatorCases,
  readCase,
  remedyOperatorCase,
  reviewOperatorCase,
} from '@/lib/cloud/operations/operator-cases'
import type { z } from 'zod'
import type { Refusal } from '@/lib/core/reason'
import type { Progress } from '../../progress'

export type CaseRow = AnswerOf<typeof listOperatorCases>['cases'][number]
export type Case = AnswerOf<typeof readCase>
export type CaseState = CaseRow['state']
export type CaseReason = z.output<(typeof reviewOperatorCase)['body']>['reason']
export type Remedy = z.output<(typeof remedyOperatorCase)['body']>['remedy']
type ReviewStep = z.output<(typeof reviewOperatorCase)['body']>['step']

/** Empty: all that nobody has decided. */
export const caseFilters = ['', 'open', 'in-review', 'waiting-for-evidence', 'decided'] as const
export type CaseFilter = (typeof caseFilters)[number]

export const caseReasons = [
  ...['charger-right', 'driver-right', 'meter-fault', 'double-charge', 'stopped-early', 'no-energy'],
  ...['wrong-price', 'restored-backup', 'fraud', 'uncollectable', 'courtesy', 'more-evidence-needed'],
  ...['not-mine', 'other'],
] as readonly CaseReason[]

/** In the order in which they are offered: what moves no money first. */
export const caseSteps = [
  ...['take-up', 'take-over', 'ask-for-evidence', 'hand-back', 'refund', 'goodwill', 'write-off'],
  ...['uphold', 'dismiss'],
] as readonly CaseStep[]
export type CaseStep = ReviewStep | Remedy | 'uphold' | 'dismiss'

export const isRemedy = (step: CaseStep): step is Remedy =>
  step === 'refund' || step === 'goodwill' || step === 'write-off'

export type CaseList =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly refusal: Refusal }
  | {
      readonly kind: 'there'
      readonly cases: readonly CaseRow[]
      readonly undecided: number
      readonly hasMore: boolean
      readonly asOfS: number
      readonly isStale: boolean
    }

export interface CasesView {
  readonly list: CaseList
  readonly filter: CaseFilter
  readonly currency: string
  readonly nowS: number
}

export interface CasesActs {
  onFilter(filter: CaseFilter): void
  onMore(): void
}

export interface CaseOrder {
  readonly step: CaseStep
  readonly reason: CaseReason
  readonly note: string
  /** Of a remedy. */
  readonly amountMinor: number | null
}

export interface CaseView {
  readonly found: Case
  readonly asOfS: number
  readonly nowS: number
  readonly isStale: boolean
  /** Null: nothing is asked. */
  readonly asked: { readonly step: CaseStep; readonly progress: Progress } | null
}

export interface CaseActs {
  onBack(): void
  onAsk(step: CaseStep): void
  onClose(): void
  onStep(order: CaseOrder): void
  /** All pieces, as they were signed. */
  onSaveEvidence(): void
}

export const caseAddress = (caseId: string): string => `/operator/cases/view?id=${caseId}`

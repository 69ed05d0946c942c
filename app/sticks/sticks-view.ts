/** What the page shows of the files that somebody chose. */

import type { ReasonCode } from '@/lib/core/reason-codes'

export interface ChosenFile {
  /** `<mailbox>.parcels`: one charger's. */
  readonly name: string
  readonly state: 'waiting' | 'under-way' | 'done'
  readonly parcels: number
  readonly answers: number
  readonly refused: readonly { readonly code: ReasonCode; readonly count: number }[]
  /** Damaged, or not whole. */
  readonly isCut: boolean
  /** The cloud was not reached for all of it. */
  readonly isStopped: boolean
  readonly isSaved: boolean
}

export interface SticksView {
  readonly files: readonly ChosenFile[]
  /** Something was chosen, and nothing of it is a stick's. */
  readonly foundNone: boolean
}

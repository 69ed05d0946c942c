/** What the import of a list is drawn from: a file is chosen, looked at, taken, and may be taken back. */

import type { Refusal } from '@/lib/core/reason'
import type { Progress } from '../progress'
import type { RosterKind } from './drivers-view'
import type { FileProblem } from './import-file'

export interface ImportCounts {
  readonly add: number
  readonly change: number
  readonly same: number
  readonly refused: number
}

export interface RefusedRow {
  readonly line: number
  readonly column: string
  readonly code: string
  readonly value: string
}

/** One row that is good, as it would stand afterwards. */
export interface ImportRow {
  readonly line: number
  readonly action: 'add' | 'change' | 'same'
  /** A driver's name, a vehicle's plate. */
  readonly title: string
  /** The other cells, as they would be. */
  readonly cells: readonly string[]
}

export interface ImportPreview {
  readonly counts: ImportCounts
  /** The first ones. */
  readonly rows: readonly ImportRow[]
  readonly refused: readonly RefusedRow[]
}

export interface ImportLine {
  readonly importId: string
  readonly kind: RosterKind
  readonly atS: number
  readonly counts: ImportCounts
  readonly undoneAtS: number | null
}

/** What an undo did: rows that were changed since stay as they are. */
export interface ImportUndone {
  readonly importId: string
  readonly takenBack: number
  readonly kept: number
}

export type ImportStage =
  | { readonly kind: 'choose'; readonly problem: FileProblem | null; readonly refusal: Refusal | null }
  | { readonly kind: 'reading'; readonly fileName: string }
  | {
      readonly kind: 'preview'
      readonly fileName: string
      readonly preview: ImportPreview
      readonly progress: Progress
    }
  | {
      readonly kind: 'done'
      readonly fileName: string
      readonly importId: string
      readonly counts: ImportCounts
    }

export type ImportHistory =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly refusal: Refusal }
  | { readonly kind: 'there'; readonly imports: readonly ImportLine[]; readonly asOfS: number }

export interface ImportView {
  readonly kind: RosterKind
  readonly stage: ImportStage
  readonly history: ImportHistory
  readonly mayChange: boolean
  readonly nowS: number
  /** The import whose undo is being asked about. */
  readonly asked: { readonly line: ImportLine; readonly progress: Progress } | null
  readonly undone: ImportUndone | null
  /** What refused a download. */
  readonly refusal: Refusal | null
}

export interface ImportActs {
  onBack(): void
  onKind(kind: RosterKind): void
  onFile(file: File): void
  onSample(): void
  onAnotherFile(): void
  onTake(): void
  onSaveRefused(importId: string): void
  onAskUndo(importId: string): void
  onCloseUndo(): void
  onUndo(importId: string): void
}

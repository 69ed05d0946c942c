/** The one question that stands before the page. */

import { MakeBatchDialog } from './make-batch-dialog'
import type { BatchTerms, DialogActs, PrintedDialog } from './printed-view'
import { VoidCardsDialog } from './void-cards-dialog'

export interface PrintedDialogsProps {
  readonly dialog: PrintedDialog
  /** Null until they are read. */
  readonly terms: BatchTerms | null
  readonly currency: string
  readonly acts: DialogActs
}

export function PrintedDialogs({ dialog, terms, currency, acts }: PrintedDialogsProps) {
  switch (dialog.kind) {
    case 'none':
      return null
    case 'make':
      return (
        <MakeBatchDialog
          currency={currency}
          terms={terms}
          progress={dialog.progress}
          onMake={acts.onMake}
          onClose={acts.onClose}
        />
      )
    case 'void':
      return (
        <VoidCardsDialog
          key={dialog.card?.cardId ?? dialog.batch.batchId}
          {...dialog}
          currency={currency}
          onVoid={acts.onVoid}
          onClose={acts.onClose}
        />
      )
  }
}

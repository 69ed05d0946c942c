'use client'

/** What a manager does with printed cards, and the question that stands open meanwhile. */

import { useState } from 'react'
import type { Progress } from '@/components/console/progress'
import type {
  Batch,
  BatchOrder,
  Card,
  DialogActs,
  PrintedDialog,
} from '@/components/console/printed/printed-view'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type { makeCardBatch, voidCardBatch } from '@/lib/cloud/operations/printed-cards'
import { saveFile } from '../../../(driver)/_wallet/save-file'
import { ask, askFile } from '../../../_console/ask'
import { useConsole } from '../../../_console/console-context'
import { useAct } from '../../../_console/use-act'

interface PrintedActs extends DialogActs {
  onOpenMake(): void
  onOpenVoid(batch: Batch, card: Card | null): void
  onPrint(batch: Batch): void
  onSaveVoids(): void
}

interface VoidOrder {
  readonly batchId: string
  readonly cardId: string | null
  readonly confirmation: string
}

export function usePrintedActs({ refresh }: { refresh(): Promise<void> }): {
  readonly dialog: PrintedDialog
  readonly acts: PrintedActs
  readonly printing: Progress
  readonly saving: Progress
} {
  const { locale } = useConsole()
  const [open, setOpen] = useState<PrintedDialog>({ kind: 'none' })
  const make = useAct((order: BatchOrder, idempotencyKey) =>
    ask<AnswerOf<typeof makeCardBatch>>('/fleet/card-batches', { ...order, idempotencyKey }),
  )
  const voiding = useAct(({ batchId, cardId, confirmation }: VoidOrder) =>
    ask<AnswerOf<typeof voidCardBatch>>(
      `/fleet/card-batches/${batchId}${cardId === null ? '' : `/cards/${cardId}`}/void`,
      { confirmation },
    ),
  )
  const print = useAct(({ batchId }: Batch) => askFile(`/fleet/card-batches/${batchId}/sheet`, { locale }))
  const save = useAct<void, Blob>(() => askFile(`/fleet/void-cards/export?locale=${locale}`))
  const show = (dialog: PrintedDialog): void => {
    make.reset()
    voiding.reset()
    setOpen(dialog)
  }
  const asking = { kind: 'asking' } as const
  const acts: PrintedActs = {
    onClose: () => setOpen({ kind: 'none' }),
    onOpenMake: () => show({ kind: 'make', progress: asking }),
    onOpenVoid: (batch, card) => show({ kind: 'void', batch, card, progress: asking }),
    onMake: (order) =>
      void make.run(order).then(async (made) => {
        if (made === undefined) return
        setOpen({ kind: 'none' })
        await refresh()
        // What one wants next is the sheet.
        window.history.pushState(null, '', `/fleet/cards?kind=printed&batch=${made.batchId}`)
      }),
    onVoid: (batchId, cardId, confirmation) =>
      void voiding.run({ batchId, cardId, confirmation }).then(async (voided) => {
        if (voided === undefined) return
        setOpen({ kind: 'none' })
        await refresh()
      }),
    onPrint: (batch) =>
      void print.run(batch).then((file) => {
        if (file !== undefined)
          saveFile(`outpost-cards-${batch.batchId.slice(0, 8)}.pdf`, file, 'application/pdf')
      }),
    onSaveVoids: () =>
      void save.run().then((file) => {
        if (file !== undefined) saveFile('outpost-void-cards.csv', file, 'text/csv;charset=utf-8')
      }),
  }
  const progress = open.kind === 'make' ? make.progress : voiding.progress
  return {
    dialog: open.kind === 'none' ? open : { ...open, progress },
    ...{ acts, printing: print.progress, saving: save.progress },
  }
}

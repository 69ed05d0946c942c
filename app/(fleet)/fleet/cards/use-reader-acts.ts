'use client'

/** What a manager does with cards for readers, and the question that stands open meanwhile. */

import { useState } from 'react'
import type {
  CardDialogActs,
  CardOrder,
  CardsDialog,
  ReaderCard,
} from '@/components/console/cards/cards-view'
import type { giveOutCard, withdrawCard } from '@/lib/cloud/operations/cards'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import { ask } from '../../../_console/ask'
import { useAct } from '../../../_console/use-act'

interface ReaderActs extends CardDialogActs {
  onOpenGiveOut(): void
  onOpenWithdraw(card: ReaderCard): void
}

export function useReaderActs({ refresh }: { refresh(): Promise<void> }): {
  readonly dialog: CardsDialog
  readonly acts: ReaderActs
} {
  const [open, setOpen] = useState<CardsDialog>({ kind: 'none' })
  const giveOut = useAct((order: CardOrder, idempotencyKey) =>
    ask<AnswerOf<typeof giveOutCard>>('/fleet/cards', { ...order, idempotencyKey }),
  )
  const withdraw = useAct((cardId: string) =>
    ask<AnswerOf<typeof withdrawCard>>(`/fleet/cards/${cardId}/revoke`, {}),
  )
  const show = (dialog: CardsDialog): void => {
    giveOut.reset()
    withdraw.reset()
    setOpen(dialog)
  }
  const closeAfter = async (done: Promise<unknown>): Promise<void> => {
    if ((await done) === undefined) return
    setOpen({ kind: 'none' })
    await refresh()
  }
  const asking = { kind: 'asking' } as const
  const progress = open.kind === 'give-out' ? giveOut.progress : withdraw.progress
  return {
    dialog: open.kind === 'none' ? open : { ...open, progress },
    acts: {
      onClose: () => setOpen({ kind: 'none' }),
      onOpenGiveOut: () => show({ kind: 'give-out', progress: asking }),
      onOpenWithdraw: (card) => show({ kind: 'withdraw', card, progress: asking }),
      onGiveOut: (order) => void closeAfter(giveOut.run(order)),
      onWithdraw: (cardId) => void closeAfter(withdraw.run(cardId)),
    },
  }
}

/** The cards of a batch: how each stands, what is left on it, and the way to void it. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { useFormat } from '@/lib/format/use-format'
import { DataTable, type Column } from '../data-table'
import { BudgetBar } from '../tokens/budget-bar'
import { CardStateMark } from './card-state-mark'
import { isLive, shortSerial, type Batch, type Card } from './printed-view'

export interface CardTableProps {
  readonly batch: Batch
  readonly cards: readonly Card[]
  readonly currency: string
  readonly nowS: number
  readonly mayVoid: boolean
  onVoid(card: Card): void
}

export function CardTable({ batch, cards, currency, nowS, mayVoid, onVoid }: CardTableProps) {
  const t = useTranslations('consolePrinted')
  const format = useFormat()
  const note = (text: string) => <span className="block text-note text-mute">{text}</span>
  const columns: readonly Column<Card>[] = [
    { id: 'number', head: t('number'), align: 'right', cell: ({ number }) => format.count(number) },
    { id: 'serial', head: t('serial'), isRowHead: true, cell: ({ cardId }) => shortSerial(cardId) },
    {
      id: 'state',
      head: t('state'),
      cell: ({ state, voidSinceS }) => (
        <>
          <CardStateMark state={state} />
          {voidSinceS === null ? null : note(t('knowNote', { when: format.moment(voidSinceS, nowS) }))}
        </>
      ),
    },
    {
      id: 'spent',
      head: t('spent'),
      align: 'right',
      cell: ({ spentMinor }) => (
        <BudgetBar usedMinor={spentMinor} ofMinor={batch.capMinor} currency={currency} />
      ),
    },
    {
      id: 'rest',
      head: t('rest'),
      align: 'right',
      cell: ({ leftMinor, returnsAtS }) => (
        <>
          {format.money(leftMinor, currency)}
          {returnsAtS === null ? null : note(t('returnsAt', { when: format.day(returnsAtS) }))}
        </>
      ),
    },
    {
      id: 'know',
      head: t('know'),
      align: 'right',
      cell: ({ news }) => (news === null ? '–' : t('knowOf', news)),
    },
    {
      id: 'act',
      head: t('act'),
      align: 'right',
      cell: (card) =>
        isLive(card) ? (
          <Button
            kind="quiet"
            disabled={!mayVoid}
            aria-label={t('voidOneOf', { serial: shortSerial(card.cardId) })}
            onClick={() => onVoid(card)}
          >
            {t('voidOne')}
          </Button>
        ) : null,
    },
  ]
  return (
    <DataTable
      caption={t('cardsCaption', { name: batch.name })}
      columns={columns}
      rows={cards}
      empty={t('emptyFiltered')}
      keyOf={({ cardId }) => cardId}
    />
  )
}

/** The cards that a fleet gave out for chargers' readers: whose, how much is left, who knows. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { useFormat } from '@/lib/format/use-format'
import { DataTable, type Column } from '../data-table'
import { BudgetBar } from '../tokens/budget-bar'
import type { ReaderCard } from './cards-view'
import { ReaderCardNews, ReaderCardStateMark } from './reader-card-state'

export interface ReaderCardListProps {
  readonly cards: readonly ReaderCard[]
  readonly currency: string
  readonly nowS: number
  readonly isFiltered: boolean
  readonly mayRevoke: boolean
  onWithdraw(card: ReaderCard): void
}

export function ReaderCardList(props: ReaderCardListProps) {
  const { cards, currency, nowS, isFiltered } = props
  const t = useTranslations('consoleCards')
  const format = useFormat()
  if (cards.length === 0)
    return <p className="border-y border-line py-6 text-mute">{t(isFiltered ? 'emptyFiltered' : 'empty')}</p>
  return (
    <>
      <div className="max-lg:hidden">
        <CardTable {...props} />
      </div>
      <ul className="divide-y divide-line border-y border-line lg:hidden">
        {cards.map((card) => (
          <li key={card.cardId} className="grid gap-2 py-4">
            <span className="flex items-start justify-between gap-4">
              <span className="min-w-0 [overflow-wrap:anywhere]">
                <CardName card={card} />
              </span>
              <ReaderCardStateMark state={card.state} />
            </span>
            <span className="text-note text-mute">
              {sitesOf(card)} · {t('untilWhen', { when: format.moment(card.notAfterS, nowS) })}
            </span>
            <span className="flex flex-wrap items-end justify-between gap-4 tabular">
              <span>
                <ReaderCardNews card={card} nowS={nowS} />
              </span>
              <BudgetBar
                usedMinor={card.capMinor - card.leftMinor}
                ofMinor={card.capMinor}
                currency={currency}
              />
            </span>
            <Withdraw {...props} card={card} />
          </li>
        ))}
      </ul>
    </>
  )
}

function CardTable(props: ReaderCardListProps) {
  const { cards, currency, nowS } = props
  const t = useTranslations('consoleCards')
  const format = useFormat()
  const columns: readonly Column<ReaderCard>[] = [
    {
      id: 'card',
      head: t('card'),
      isRowHead: true,
      cell: (card) => (
        <>
          <CardName card={card} />
          <span className="block text-note font-normal text-mute">{sitesOf(card)}</span>
        </>
      ),
    },
    { id: 'state', head: t('stateHead'), cell: ({ state }) => <ReaderCardStateMark state={state} /> },
    { id: 'news', head: t('news'), cell: (card) => <ReaderCardNews card={card} nowS={nowS} /> },
    {
      id: 'spent',
      head: t('spent'),
      align: 'right',
      cell: ({ capMinor, leftMinor }) => (
        <BudgetBar usedMinor={capMinor - leftMinor} ofMinor={capMinor} currency={currency} />
      ),
    },
    {
      id: 'until',
      head: t('until'),
      align: 'right',
      cell: ({ notAfterS }) => <span className="whitespace-nowrap">{format.day(notAfterS)}</span>,
    },
    { id: 'act', head: t('act'), align: 'right', cell: (card) => <Withdraw {...props} card={card} /> },
  ]
  return (
    <DataTable
      caption={t('caption')}
      columns={columns}
      rows={cards}
      empty={t('empty')}
      keyOf={({ cardId }) => cardId}
    />
  )
}

const sitesOf = ({ sites }: ReaderCard): string => sites.map(({ label }) => label).join(', ')

function CardName({ card: { label, tokenEnd, type } }: { readonly card: ReaderCard }) {
  const t = useTranslations('consoleCards')
  return (
    <>
      <span className="block min-w-36 font-bold [overflow-wrap:anywhere]">{label}</span>
      <span className="block text-note font-normal text-mute">
        {t(type === 'eMAID' ? 'contractEnds' : 'numberEnds', { end: tokenEnd })}
      </span>
    </>
  )
}

function Withdraw({
  card,
  mayRevoke,
  onWithdraw,
}: Pick<ReaderCardListProps, 'mayRevoke' | 'onWithdraw'> & { readonly card: ReaderCard }) {
  const t = useTranslations('consoleCards')
  if (!mayRevoke || card.state === 'revoked' || card.state === 'expired') return null
  return (
    <Button
      kind="quiet"
      aria-label={t('withdrawOf', { label: card.label, end: card.tokenEnd })}
      onClick={() => onWithdraw(card)}
    >
      {t('withdraw')}
    </Button>
  )
}

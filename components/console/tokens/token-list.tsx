/** The tokens of a fleet: who holds how much, how much of it is gone, until when. */

import { useTranslations } from 'use-intl/react'
import { useFormat } from '@/lib/format/use-format'
import { DataTable, type Column } from '../data-table'
import { TokenStateMark } from '../state-marks'
import { BudgetBar } from './budget-bar'
import { holderNote, type Token } from './tokens-view'

export interface TokenListProps {
  readonly tokens: readonly Token[]
  readonly currency: string
  readonly nowS: number
  readonly isFiltered: boolean
  onOpen(tokenId: string): void
}

export function TokenList({ tokens, currency, nowS, isFiltered, onOpen }: TokenListProps) {
  const t = useTranslations('consoleTokens')
  const format = useFormat()
  const columns: readonly Column<Token>[] = [
    {
      id: 'driver',
      head: t('driver'),
      isRowHead: true,
      cell: (token) => <TokenName token={token} onOpen={onOpen} />,
    },
    { id: 'state', head: t('state'), cell: ({ state }) => <TokenStateMark state={state} /> },
    {
      id: 'spent',
      head: t('spent'),
      align: 'right',
      cell: ({ spentMinor, heldMinor, capMinor }) => (
        <BudgetBar usedMinor={spentMinor + heldMinor} ofMinor={capMinor} currency={currency} />
      ),
    },
    {
      id: 'month',
      head: t('month'),
      align: 'right',
      cell: ({ monthMinor, rules }) => (
        <BudgetBar usedMinor={monthMinor} ofMinor={rules.monthLimitMinor} currency={currency} />
      ),
    },
    {
      id: 'held',
      head: t('held'),
      align: 'right',
      cell: ({ heldMinor }) => (heldMinor === 0 ? '–' : format.money(heldMinor, currency)),
    },
    {
      id: 'until',
      head: t('until'),
      align: 'right',
      cell: ({ expiresAtS }) => format.moment(expiresAtS, nowS),
    },
  ]
  return (
    <DataTable
      caption={t('caption')}
      columns={columns}
      rows={tokens}
      empty={t(isFiltered ? 'emptyFiltered' : 'empty')}
      keyOf={({ tokenId }) => tokenId}
    />
  )
}

function TokenName({ token, onOpen }: { readonly token: Token } & Pick<TokenListProps, 'onOpen'>) {
  const t = useTranslations('consoleTokens')
  const { tokenId, driverName } = token
  const note = holderNote(token)
  return (
    <>
      <a
        href={`/fleet/tokens?token=${tokenId}`}
        aria-label={t('open', { name: driverName })}
        className="inline-flex min-h-target items-center font-bold underline"
        onClick={(event) => {
          // A new tab is the browser's own affair.
          if (event.metaKey || event.ctrlKey || event.shiftKey) return
          event.preventDefault()
          onOpen(tokenId)
        }}
      >
        {driverName}
      </a>
      {note === '' ? null : <span className="block text-note font-normal text-mute">{note}</span>}
    </>
  )
}

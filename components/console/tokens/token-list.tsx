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

export function TokenList(props: TokenListProps) {
  const { tokens, currency, nowS, isFiltered, onOpen } = props
  const t = useTranslations('consoleTokens')
  const format = useFormat()
  if (tokens.length === 0)
    return <p className="border-y border-line py-6 text-mute">{t(isFiltered ? 'emptyFiltered' : 'empty')}</p>
  return (
    <>
      <div className="max-lg:hidden">
        <TokenTable {...props} />
      </div>
      <ul className="divide-y divide-line border-y border-line lg:hidden">
        {tokens.map((token) => (
          <li key={token.tokenId} className="flex items-start justify-between gap-4 py-3">
            <span className="min-w-0 [overflow-wrap:anywhere]">
              <TokenName token={token} onOpen={onOpen} />
              <TokenStateMark state={token.state} />
            </span>
            <span className="shrink-0 text-right tabular">
              <BudgetBar
                usedMinor={token.spentMinor + token.heldMinor}
                ofMinor={token.capMinor}
                currency={currency}
              />
              <span className="mt-2 block text-note text-mute">
                {t('untilWhen', { when: format.moment(token.expiresAtS, nowS) })}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

function TokenTable({ tokens, currency, nowS, onOpen }: TokenListProps) {
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
      empty={t('empty')}
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

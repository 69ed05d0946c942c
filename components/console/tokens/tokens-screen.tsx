/** All tokens of a fleet, found by state and name, and the way to a new one. */

import TicketPlus from 'lucide-react/icons/ticket-plus'
import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { SelectField } from '@/components/ui/select-field'
import { useFormat } from '@/lib/format/use-format'
import { SectionHead } from '../section-head'
import { TokenDialogs } from './token-dialogs'
import { TokenList } from './token-list'
import { tokenStates, type TokenActs, type TokenFilter, type TokensView } from './tokens-view'

export interface TokensScreenProps {
  readonly view: TokensView
  readonly acts: TokenActs
}

export function TokensScreen({ view, acts }: TokensScreenProps) {
  const t = useTranslations('consoleTokens')
  const console = useTranslations('console')
  const format = useFormat()
  const { filter, asOfS, nowS, may } = view
  return (
    <>
      <div className="mb-8 flex flex-wrap items-center justify-between gap-4">
        <h1 className="text-title">{t('title')}</h1>
        <div className="flex flex-col items-end gap-1">
          <Button
            kind="primary"
            icon={<TicketPlus className="size-icon shrink-0" strokeWidth={1.75} aria-hidden="true" />}
            disabled={!may.issue}
            onClick={acts.onOpenIssue}
          >
            {console('issue.open')}
          </Button>
          {may.issue ? null : <p className="text-note text-mute">{t('mayNotIssue')}</p>}
        </div>
      </div>
      {view.isStale ? (
        <div className="mb-6">
          <Notice
            tone="offline"
            title={console('stale.title')}
            action={console('stale.action', { when: format.moment(asOfS, nowS) })}
          />
        </div>
      ) : null}
      <section aria-labelledby="tokens">
        <SectionHead id="tokens" title={t('listTitle')} asOfS={asOfS} nowS={nowS}>
          <Filters key={JSON.stringify(filter)} filter={filter} onFilter={acts.onFilter} />
        </SectionHead>
        <TokenList
          tokens={view.tokens}
          currency={view.currency}
          nowS={nowS}
          isFiltered={isNarrow(filter)}
          onOpen={acts.onOpen}
        />
        {view.hasMore ? (
          <div className="mt-4 text-center">
            <Button onClick={acts.onMore}>{t('more')}</Button>
          </div>
        ) : null}
      </section>
      <TokenDialogs
        dialog={view.dialog}
        terms={view.terms}
        holders={view.holders}
        currency={view.currency}
        nowS={nowS}
        acts={acts}
      />
    </>
  )
}

const isNarrow = ({ state, search, driver, vehicle }: TokenFilter): boolean =>
  state !== 'all' || search !== '' || driver !== '' || vehicle !== ''

function Filters({
  filter,
  onFilter,
}: {
  readonly filter: TokenFilter
  onFilter(filter: TokenFilter): void
}) {
  const t = useTranslations('consoleTokens')
  const states = useTranslations('console.tokenState')
  const [search, setSearch] = useState(filter.search)
  return (
    <form
      className="flex flex-wrap items-end gap-3"
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        onFilter({ ...filter, search: search.trim() })
      }}
    >
      <SelectField
        label={t('filterState')}
        value={filter.state === 'all' ? '' : filter.state}
        options={[
          { value: '', label: t('allStates') },
          ...tokenStates.map((state) => ({ value: state, label: states(state) })),
        ]}
        onChange={(chosen) =>
          onFilter({
            ...filter,
            search: search.trim(),
            state: tokenStates.find((state) => state === chosen) ?? 'all',
          })
        }
      />
      <label className="block min-w-0 text-note text-mute">
        {t('search')}
        <input
          type="search"
          value={search}
          maxLength={60}
          autoComplete="off"
          className="mt-1 block min-h-target w-full rounded-card border border-edge bg-card px-3 py-2 text-body text-ink"
          onChange={(event) => setSearch(event.target.value)}
        />
      </label>
      <Button type="submit">{t('find')}</Button>
      {filter.driver === '' && filter.vehicle === '' ? null : (
        <Button kind="quiet" onClick={() => onFilter({ ...filter, driver: '', vehicle: '' })}>
          {t('holder.everybody')}
        </Button>
      )}
    </form>
  )
}

/** What narrows the list. Every change stands in the address at once, but for the search, which waits for its button. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { SelectField } from '@/components/ui/select-field'
import { sessionStates, type SessionFilter, type SessionsView } from './sessions-view'

export interface SessionFiltersProps extends Pick<SessionsView, 'filter' | 'sites'> {
  onFilter(filter: SessionFilter): void
}

export const noFilter: SessionFilter = {
  ...{ state: '', site: '', from: '', to: '', search: '', driver: '', vehicle: '', token: '' },
}

export const isFiltered = (filter: SessionFilter): boolean =>
  Object.values(filter).some((value) => value !== '')

export function SessionFilters({ filter, sites, onFilter }: SessionFiltersProps) {
  const t = useTranslations('consoleSessions.filter')
  const names = useTranslations('consoleSessions.state')
  const all = useTranslations('consoleSessions')
  const [search, setSearch] = useState(filter.search)
  const change = (part: Partial<SessionFilter>): void => onFilter({ ...filter, ...part })
  const isOneHolder = filter.driver !== '' || filter.vehicle !== '' || filter.token !== ''
  return (
    <form
      role="search"
      aria-label={t('label')}
      className="mb-6"
      onSubmit={(event) => {
        event.preventDefault()
        change({ search: search.trim() })
      }}
    >
      <div className="grid grid-cols-2 items-end gap-3 lg:grid-cols-[1fr_1fr_auto_auto_2fr_auto]">
        <SelectField
          label={t('state')}
          value={filter.state}
          options={[
            { value: '', label: t('all') },
            ...sessionStates.map((state) => ({ value: state, label: names(state) })),
          ]}
          onChange={(value) => change({ state: sessionStates.find((state) => state === value) ?? '' })}
        />
        <SelectField
          label={t('site')}
          value={filter.site}
          options={[
            { value: '', label: t('allSites') },
            ...sites.map(({ siteId, label }) => ({ value: siteId, label })),
          ]}
          onChange={(site) => change({ site })}
        />
        <DayField label={t('from')} value={filter.from} onChange={(from) => change({ from })} />
        <DayField label={t('to')} value={filter.to} onChange={(to) => change({ to })} />
        <Field
          className="col-span-2 lg:col-span-1"
          label={t('search')}
          type="search"
          maxLength={60}
          autoComplete="off"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <Button type="submit">{t('find')}</Button>
        {isFiltered(filter) ? (
          <Button kind="quiet" onClick={() => onFilter(noFilter)}>
            {t('clear')}
          </Button>
        ) : null}
      </div>
      <p className="mt-2 text-note text-mute">
        {t('searchHint')}. {all('utc')} {isOneHolder ? all('narrowed') : ''}
      </p>
    </form>
  )
}

function DayField({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: string
  onChange(value: string): void
}) {
  return (
    <label className="block min-w-0">
      <span className="block text-note text-mute">{label}</span>
      <input
        type="date"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={`mt-1 min-h-target w-full rounded-card border bg-card px-3 py-2 text-ink ${value === '' ? 'border-edge' : 'border-ink font-bold'}`}
      />
    </label>
  )
}

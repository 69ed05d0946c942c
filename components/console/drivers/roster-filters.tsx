/** What narrows a list. The state stands in the address at once, the search when it is asked for. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { SelectField } from '@/components/ui/select-field'
import { rosterStates, type RosterFilter } from './drivers-view'

export interface RosterFiltersProps {
  readonly filter: RosterFilter
  onFilter(filter: RosterFilter): void
}

export function RosterFilters({ filter, onFilter }: RosterFiltersProps) {
  const t = useTranslations('consoleDrivers')
  const [search, setSearch] = useState(filter.search)
  const isNarrow = filter.search !== '' || filter.state !== 'active'
  return (
    <form
      role="search"
      aria-label={t('filter.label')}
      className="mb-6 flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        onFilter({ ...filter, search: search.trim() })
      }}
    >
      <Field
        className="min-w-56 flex-1 sm:max-w-md"
        label={t(`${filter.kind}.search`)}
        type="search"
        maxLength={60}
        autoComplete="off"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <Button type="submit">{t('filter.find')}</Button>
      <SelectField
        label={t('filter.state')}
        value={filter.state === 'active' ? '' : filter.state}
        options={rosterStates.map((state) => ({
          value: state === 'active' ? '' : state,
          label: t(`filter.${state}`),
        }))}
        onChange={(chosen) =>
          onFilter({ ...filter, search: search.trim(), state: chosen === 'removed' ? 'removed' : 'active' })
        }
      />
      {isNarrow ? (
        <Button kind="quiet" onClick={() => onFilter({ kind: filter.kind, state: 'active', search: '' })}>
          {t('filter.clear')}
        </Button>
      ) : null}
    </form>
  )
}

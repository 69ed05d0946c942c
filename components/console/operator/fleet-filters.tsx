/** What narrows the fleets that are listed. The state stands in the address at once, the search when it is asked for. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { SelectField } from '@/components/ui/select-field'
import { fleetStates, type FleetFilter } from './fleets-view'

export interface FleetFiltersProps {
  readonly filter: FleetFilter
  onFilter(filter: FleetFilter): void
}

export function FleetFilters({ filter, onFilter }: FleetFiltersProps) {
  const t = useTranslations('consoleOperator.fleets.filter')
  const [search, setSearch] = useState(filter.search)
  const isNarrow = filter.search !== '' || filter.state !== ''
  return (
    <form
      role="search"
      aria-label={t('label')}
      className="mb-6 flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        onFilter({ ...filter, search: search.trim() })
      }}
    >
      <Field
        className="min-w-56 flex-1 sm:max-w-md"
        label={t('search')}
        type="search"
        maxLength={60}
        autoComplete="off"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <Button type="submit">{t('find')}</Button>
      <SelectField
        label={t('state')}
        value={filter.state}
        options={fleetStates.map((value) => ({ value, label: t(value === '' ? 'all' : value) }))}
        onChange={(chosen) =>
          onFilter({ search: search.trim(), state: fleetStates.find((one) => one === chosen) ?? '' })
        }
      />
      {isNarrow ? (
        <Button
          kind="quiet"
          onClick={() => {
            setSearch('')
            onFilter({ search: '', state: '' })
          }}
        >
          {t('clear')}
        </Button>
      ) : null}
    </form>
  )
}

/** What narrows the list of cards. Both stand in the address: the state at once, the search as it is typed. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { SelectField } from '@/components/ui/select-field'
import { readerCardStates, type CardFilter } from './cards-view'

export interface CardFiltersProps {
  readonly filter: CardFilter
  onFilter(filter: CardFilter): void
}

export function CardFilters({ filter, onFilter }: CardFiltersProps) {
  const t = useTranslations('consoleCards')
  return (
    <form
      role="search"
      aria-label={t('filter.label')}
      className="mb-6 flex flex-wrap items-end gap-3"
      onSubmit={(event) => event.preventDefault()}
    >
      <Field
        className="min-w-56 flex-1 sm:max-w-md"
        label={t('filter.search')}
        type="search"
        maxLength={60}
        autoComplete="off"
        value={filter.search}
        onChange={(event) => onFilter({ ...filter, search: event.target.value })}
      />
      <SelectField
        label={t('filter.state')}
        value={filter.state === 'all' ? '' : filter.state}
        options={[
          { value: '', label: t('filter.all') },
          ...readerCardStates.map((state) => ({ value: state, label: t(`state.${state}`) })),
        ]}
        onChange={(chosen) =>
          onFilter({ ...filter, state: readerCardStates.find((state) => state === chosen) ?? 'all' })
        }
      />
      {filter.search === '' && filter.state === 'all' ? null : (
        <Button kind="quiet" onClick={() => onFilter({ state: 'all', search: '' })}>
          {t('filter.clear')}
        </Button>
      )}
    </form>
  )
}

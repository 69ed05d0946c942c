/** Narrows the list of receipts: a search in plain sight, the rest behind one touch. */

import ListFilter from 'lucide-react/icons/list-filter'
import Search from 'lucide-react/icons/search'
import { useId } from 'react'
import { useTranslations } from 'use-intl/react'
import { SelectField, type SelectOption } from '@/components/ui/select-field'
import {
  conditionCount,
  searchCharsMax,
  type ChargeFilter,
  type FilterChoices,
} from '@/lib/format/history/filter'
import { middleOfMonthS } from '@/lib/format/history/months'
import { useFormat } from '@/lib/format/use-format'

export interface ReceiptFilterProps {
  readonly filter: ChargeFilter
  readonly choices: FilterChoices
  onFilter(filter: ChargeFilter): void
}

export function ReceiptFilter(props: ReceiptFilterProps) {
  const t = useTranslations('driver.receipts')
  const count = conditionCount(props.filter)
  return (
    <search className="flex flex-col gap-1">
      <SearchField {...props} />
      <details open={count > 0} className="group">
        <summary className="flex min-h-target cursor-pointer list-none items-center gap-2 font-bold [&::-webkit-details-marker]:hidden">
          <ListFilter className="size-icon" strokeWidth={1.75} aria-hidden="true" />
          {count === 0 ? t('filters') : t('filtersActive', { count })}
        </summary>
        <Conditions {...props} />
      </details>
    </search>
  )
}

function SearchField({ filter, onFilter }: ReceiptFilterProps) {
  const t = useTranslations('driver.receipts')
  const id = useId()
  return (
    <div className="relative">
      <label htmlFor={id} className="sr-only">
        {t('search')}
      </label>
      <Search
        className="pointer-events-none absolute top-1/2 left-3.5 size-icon -translate-y-1/2 text-mute"
        strokeWidth={1.75}
        aria-hidden="true"
      />
      <input
        id={id}
        type="search"
        placeholder={t('search')}
        maxLength={searchCharsMax}
        autoComplete="off"
        value={filter.search}
        onChange={(event) => onFilter({ ...filter, search: event.target.value })}
        className="min-h-target w-full rounded-card border border-edge bg-card py-2 pr-3 pl-11 placeholder:text-mute"
      />
    </div>
  )
}

function Conditions({ filter, choices, onFilter }: ReceiptFilterProps) {
  const t = useTranslations('driver.receipts')
  const states = useTranslations('driver.receiptState')
  const periodName = usePeriodName()
  const all = (label: string, options: readonly SelectOption[]): readonly SelectOption[] => [
    { value: '', label },
    ...options,
  ]
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))] gap-3 pb-2">
      <SelectField
        label={t('period')}
        value={filter.period ?? ''}
        options={all(
          t('allTime'),
          choices.periods.map((value) => ({ value, label: periodName(value) })),
        )}
        onChange={(value) => onFilter({ ...filter, period: value || null })}
      />
      <SelectField
        label={t('site')}
        value={filter.site ?? ''}
        options={all(
          t('allSites'),
          choices.sites.map(({ id, label }) => ({ value: id, label })),
        )}
        onChange={(value) => onFilter({ ...filter, site: value || null })}
      />
      <SelectField
        label={t('state')}
        value={filter.state ?? ''}
        options={all(
          t('allStates'),
          choices.states.map((value) => ({ value, label: states(value) })),
        )}
        onChange={(value) =>
          onFilter({ ...filter, state: choices.states.find((state) => state === value) ?? null })
        }
      />
      <SelectField
        label={t('paidBy')}
        value={filter.payer ?? ''}
        options={all(
          t('anyPayer'),
          choices.payers.map((value) => ({ value, label: t(`payer.${value}`) })),
        )}
        onChange={(value) =>
          onFilter({ ...filter, payer: choices.payers.find((payer) => payer === value) ?? null })
        }
      />
    </div>
  )
}

/** "2026" stands for the whole year, "2026-08" for a month. */
function usePeriodName(): (period: string) => string {
  const t = useTranslations('driver.receipts')
  const format = useFormat()
  return (period) => {
    const middleS = middleOfMonthS(period)
    return middleS === undefined ? t('wholeYear', { year: period }) : format.month(middleS)
  }
}

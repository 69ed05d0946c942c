/** The receipts of this phone by month, newest first, narrowed by what somebody looks for. */

import Sheet from 'lucide-react/icons/sheet'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { PhoneShowsCode } from '@/components/ui/drawings'
import { isFiltered, type ChargeFilter, type FilterChoices } from '@/lib/format/history/filter'
import { middleOfMonthS, type CurrencySum, type MonthGroup } from '@/lib/format/history/months'
import { useFormat } from '@/lib/format/use-format'
import { HistoryScreen } from './history-screen'
import { ReceiptFilter } from './receipt-filter'
import { ReceiptRow } from './receipt-row'
import type { ReceiptSummary } from './receipt-summary'
import { SectionHead } from './screen'

export interface ReceiptListView {
  /** What fits the filter, newest first. Null while they are being read. */
  readonly months: readonly MonthGroup<ReceiptSummary>[] | null
  readonly filter: ChargeFilter
  readonly choices: FilterChoices
  /** Of what fits the filter. */
  readonly shown: {
    readonly count: number
    readonly energyWh: number
    readonly sums: readonly CurrencySum[]
  }
  /** With and without the filter. */
  readonly count: number
  readonly nowS: number
}

export interface ReceiptListProps {
  view: ReceiptListView
  onOpen(sessionId: string): void
  onFilter(filter: ChargeFilter): void
  onShowAll(): void
  onExport(): void
  onCharge(): void
  onBack(): void
}

export function ReceiptListScreen(props: ReceiptListProps) {
  const { view, onCharge, onBack } = props
  const t = useTranslations('driver.receipts')
  const { months } = view
  return (
    <HistoryScreen
      title={t('title')}
      state={months === null ? 'loading' : view.count === 0 ? 'empty' : 'there'}
      loading={t('loading')}
      empty={{
        drawing: <PhoneShowsCode className="h-auto w-full max-w-80" />,
        text: t('empty'),
        act: t('charge'),
      }}
      onCharge={onCharge}
      onBack={onBack}
    >
      {months === null ? null : (
        <>
          <ReceiptFilter filter={view.filter} choices={view.choices} onFilter={props.onFilter} />
          <Months {...props} months={months} />
        </>
      )}
    </HistoryScreen>
  )
}

function Months(props: ReceiptListProps & { readonly months: readonly MonthGroup<ReceiptSummary>[] }) {
  const { view, months, onShowAll, onExport } = props
  const t = useTranslations('driver.receipts')
  if (months.length === 0) {
    return (
      <div role="status" className="flex flex-col items-start gap-4 border-y border-line py-6">
        <p>{t('none')}</p>
        <Button onClick={onShowAll}>{t('showAll')}</Button>
      </div>
    )
  }
  return (
    <>
      {isFiltered(view.filter) ? <Sum {...props} /> : null}
      {months.map((month) => (
        <Month key={month.key} month={month} nowS={view.nowS} onOpen={props.onOpen} />
      ))}
      <Button
        wide
        icon={<Sheet className="size-icon" strokeWidth={1.75} aria-hidden="true" />}
        onClick={onExport}
      >
        {t('export')}
      </Button>
    </>
  )
}

/** Of all that fits, where that is not everything. */
function Sum({ view, onShowAll }: ReceiptListProps) {
  const t = useTranslations('driver.receipts')
  const format = useFormat()
  const { count, energyWh, sums } = view.shown
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4">
      <p role="status" className="tabular">
        <span className="block text-lead font-bold">{useSumText(sums)}</span>
        <span className="text-mute">{t('sum', { count, energy: format.energy(energyWh) })}</span>
      </p>
      <Button kind="quiet" className="-mr-3 px-3!" onClick={onShowAll}>
        {t('showAll')}
      </Button>
    </div>
  )
}

function useSumText(sums: readonly CurrencySum[]): string {
  const format = useFormat()
  return sums.map(({ currency, amountMinor }) => format.money(amountMinor, currency)).join(' + ')
}

function Month({
  month,
  nowS,
  onOpen,
}: {
  readonly month: MonthGroup<ReceiptSummary>
  readonly nowS: number
  onOpen(sessionId: string): void
}) {
  const format = useFormat()
  return (
    <section>
      <SectionHead trailing={<span className="text-right text-mute tabular">{useSumText(month.sums)}</span>}>
        {format.month(middleOfMonthS(month.key) ?? nowS)}
      </SectionHead>
      <ul className="divide-y divide-line border-y border-line">
        {month.charges.map((receipt) => (
          <li key={receipt.sessionId}>
            <ReceiptRow receipt={receipt} nowS={nowS} onOpen={onOpen} />
          </li>
        ))}
      </ul>
    </section>
  )
}

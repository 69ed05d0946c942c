/** Energy and cost by month, what a kWh came to, and where: pictures of what is on this phone. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { BarPlot } from '@/components/ui/bar-plot'
import { Button } from '@/components/ui/button'
import { Choice } from '@/components/ui/choice'
import { CarPlugged } from '@/components/ui/drawings'
import { Figure } from '@/components/ui/figure'
import { FigureTable } from '@/components/ui/figure-table'
import { axisSteps, type EnergyFigures, type MonthFigures } from '@/lib/format/history/energy-months'
import { middleOfMonthS } from '@/lib/format/history/months'
import { useFormat } from '@/lib/format/use-format'
import { EnergySites } from './energy-sites'
import { HistoryScreen } from './history-screen'
import { SectionHead } from './screen'

export interface EnergyProps {
  /** Null while it is being read. */
  readonly figures: EnergyFigures | null
  onCurrency(currency: string): void
  /** The receipts of a month. */
  onOpenMonth(key: string): void
  onCharge(): void
  onBack(): void
}

export function EnergyScreen(props: EnergyProps) {
  const { figures, onCharge, onBack } = props
  const t = useTranslations('driver.energy')
  const currency = figures?.currency ?? null
  return (
    <HistoryScreen
      title={t('title')}
      state={figures === null ? 'loading' : currency === null ? 'empty' : 'there'}
      loading={t('loading')}
      empty={{
        drawing: <CarPlugged className="h-auto w-full max-w-80" />,
        text: t('empty'),
        act: t('charge'),
      }}
      onCharge={onCharge}
      onBack={onBack}
    >
      {figures === null || currency === null ? null : (
        <Pictures {...props} figures={figures} currency={currency} />
      )}
    </HistoryScreen>
  )
}

type Shown = EnergyProps & { readonly figures: EnergyFigures; readonly currency: string }

function Pictures(props: Shown) {
  const { figures, currency, onCurrency } = props
  const t = useTranslations('driver.energy')
  const format = useFormat()
  const [chosenKey, setChosenKey] = useState<string | null>(null)
  // At first the newest month in which there was something.
  const chosen =
    figures.months.find(({ key }) => key === chosenKey) ?? figures.months.findLast(({ count }) => count > 0)
  const { total } = figures
  return (
    <>
      <Figure
        label={t('lastMonths')}
        value={format.energy(total.energyWh)}
        note={
          <p className="text-body tabular">
            {t('totals', { money: format.money(total.costMinor, currency), count: total.count })}
          </p>
        }
      />
      {figures.currencies.length > 1 ? (
        <Choice
          legend={t('currency')}
          value={currency}
          options={figures.currencies.map((value) => ({ value, label: value }))}
          onChange={onCurrency}
        />
      ) : null}
      {chosen === undefined ? (
        <p className="border-y border-line py-4 text-mute">{t('nothingLately')}</p>
      ) : (
        <>
          <MonthPlot {...props} what="energy" chosen={chosen} onChoose={setChosenKey} />
          <MonthPlot {...props} what="cost" chosen={chosen} onChoose={setChosenKey} />
          <MonthPlot {...props} what="rate" chosen={chosen} onChoose={setChosenKey} />
          <Button wide onClick={() => props.onOpenMonth(chosen.key)}>
            {t('openMonth', { month: format.month(middleOfMonthS(chosen.key) ?? 0) })}
          </Button>
          <EnergySites sites={figures.sites} currency={currency} />
        </>
      )}
      <p className="text-note text-mute">{t('fromHere')}</p>
    </>
  )
}

interface MonthPlotProps extends Shown {
  readonly what: 'energy' | 'cost' | 'rate'
  readonly chosen: MonthFigures
  onChoose(key: string): void
}

function MonthPlot({ figures, currency, what, chosen, onChoose }: MonthPlotProps) {
  const t = useTranslations('driver.energy')
  const format = useFormat()
  const { valueOf, textOf, unit, axisText } = usePlotted(what, currency)
  const values = figures.months.map((month) => valueOf(month) ?? 0)
  const { step, end } = axisSteps(Math.max(1, ...values))
  const marks = Array.from({ length: Math.round(end / step) + 1 }, (_, at) => at * step)
  const monthOf = (key: string): number => middleOfMonthS(key) ?? 0
  return (
    <section>
      <SectionHead>{t(`plot.${what}`)}</SectionHead>
      <BarPlot
        unit={unit}
        bars={figures.months.map((month) => ({
          key: month.key,
          value: valueOf(month),
          label: format.monthShort(monthOf(month.key)),
        }))}
        marks={marks.map((value) => ({ value, label: axisText(value) }))}
        chosen={{ key: chosen.key, label: textOf(chosen) }}
        onChoose={onChoose}
      />
      <FigureTable
        summary={t('table')}
        caption={t(`plot.${what}`)}
        head={[t('month'), t(`plot.${what}`)]}
        rows={[...figures.months].reverse().map((month) => [format.month(monthOf(month.key)), textOf(month)])}
      />
    </section>
  )
}

/** Bars are drawn of whole numbers: watt-hours, minor units, 10⁻⁴ of a major unit. */
function usePlotted(what: MonthPlotProps['what'], currency: string) {
  const t = useTranslations('driver.energy')
  const format = useFormat()
  switch (what) {
    case 'energy':
      return {
        unit: 'kWh',
        valueOf: ({ energyWh }: MonthFigures): number | null => energyWh,
        textOf: ({ energyWh }: MonthFigures): string => format.energy(energyWh),
        axisText: (value: number): string => format.kilo(value),
      }
    case 'cost':
      return {
        unit: currency,
        valueOf: ({ costMinor }: MonthFigures): number | null => Math.max(0, costMinor),
        textOf: ({ costMinor }: MonthFigures): string => format.money(costMinor, currency),
        axisText: (value: number): string => format.amount(value, currency),
      }
    case 'rate':
      return {
        unit: t('perKwh', { currency }),
        valueOf: ({ rate }: MonthFigures): number | null => rate,
        textOf: ({ rate }: MonthFigures): string => (rate === null ? '–' : format.rate(rate, currency)),
        axisText: (value: number): string => format.rateNumber(value),
      }
  }
}

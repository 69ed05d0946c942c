/** Energy and cost over time, as bars and as a table. */

import { useTranslations } from 'use-intl/react'
import { useFormat } from '@/lib/format/use-format'
import { BarPlot } from './bar-plot'
import { pointsOf, type Dashboard, type Point, type SpanChoice } from './overview-view'

export function SpendPlots({
  dashboard,
  span,
}: {
  readonly dashboard: Dashboard
  readonly span: SpanChoice
}) {
  const t = useTranslations('consoleOverview.plots')
  const format = useFormat()
  const points = pointsOf(dashboard, span)
  const { currency } = dashboard
  if (points.every(({ sessions }) => sessions === 0))
    return <p className="border-y border-line py-6 text-mute">{t('empty')}</p>
  const isMonths = span === 'months'
  // Days and months are UTC's; noon is the same day in most places.
  const noonS = ({ atS }: Point): number => atS + 43_200
  const labels = points.map((point) => (isMonths ? format.monthShort(noonS(point)) : dayLabel(point)))
  const names = points.map((point) => (isMonths ? format.month(noonS(point)) : isoDay(point)))
  const highest = (figure: (point: Point) => number): number => Math.max(...points.map(figure))
  const rowsOf = (cell: (point: Point) => string) =>
    points.map((point, at) => [names[at] ?? '', cell(point), format.count(point.sessions)]).reverse()
  const table = (unit: string) => ({
    summary: t('table'),
    head: [isMonths ? t('month') : t('day'), unit, t('sessions')],
  })
  return (
    <div className="grid gap-x-10 gap-y-8 border-y border-line py-6 xl:grid-cols-2">
      <BarPlot
        title={t('cost')}
        unit={t(isMonths ? 'perMonth' : 'perDay', { unit: currency })}
        values={points.map(({ costMinor }) => costMinor)}
        labels={labels}
        peak={format.money(
          highest(({ costMinor }) => costMinor),
          currency,
        )}
        tick={(value) => format.amount(value, currency)}
        table={table(t('cost'))}
        rows={rowsOf(({ costMinor }) => format.money(costMinor, currency))}
      />
      <BarPlot
        title={t('energy')}
        unit={t(isMonths ? 'perMonth' : 'perDay', { unit: 'kWh' })}
        values={points.map(({ energyWh }) => energyWh)}
        labels={labels}
        peak={format.energy(highest(({ energyWh }) => energyWh))}
        tick={(value) => format.kilo(value)}
        table={table(t('energy'))}
        rows={rowsOf(({ energyWh }) => format.energy(energyWh))}
      />
    </div>
  )
}

const isoDay = ({ atS }: Point): string => new Date(atS * 1_000).toISOString().slice(0, 10)
/** Month and day as the table has them. */
const dayLabel = (point: Point): string => isoDay(point).slice(5)

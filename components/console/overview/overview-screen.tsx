/** A fleet at a glance: money at risk first, then credit, the month, and what energy and drivers cost. */

import { useTranslations } from 'use-intl/react'
import { Notice } from '@/components/ui/notice'
import { SelectField } from '@/components/ui/select-field'
import { useFormat } from '@/lib/format/use-format'
import { SectionHead } from '../section-head'
import { CreditTiles, MonthTiles } from './month-tiles'
import { spans, type OverviewView, type SpanChoice } from './overview-view'
import { RiskTiles } from './risk-tiles'
import { SpendPlots } from './spend-plots'
import { SpenderTable } from './spender-table'

export interface OverviewScreenProps {
  readonly view: OverviewView
  onSpan(span: SpanChoice): void
}

export function OverviewScreen({ view, onSpan }: OverviewScreenProps) {
  const t = useTranslations('consoleOverview')
  const shared = useTranslations('console')
  const format = useFormat()
  const { dashboard, nowS, span } = view
  const { asOfS, countedAtS, lastNewsAtS, currency } = dashboard
  const books = { asOfS, nowS }
  const counted = { asOfS: countedAtS ?? asOfS, nowS }
  return (
    <>
      <div className="mb-8">
        <h1 className="text-title">{view.name}</h1>
        <p className="text-note text-mute tabular">
          {lastNewsAtS === null ? t('noNews') : t('lastNews', { age: format.age(lastNewsAtS, nowS) })}
        </p>
      </div>
      {view.isStale ? (
        <div className="mb-6">
          <Notice
            tone="offline"
            title={shared('stale.title')}
            action={shared('stale.action', { when: format.moment(asOfS, nowS) })}
          />
        </div>
      ) : null}
      <section aria-labelledby="risk" className="mb-12">
        <SectionHead id="risk" title={t('risk.title')} {...books} />
        <RiskTiles dashboard={dashboard} nowS={nowS} />
      </section>
      <section aria-labelledby="credit" className="mb-12">
        <SectionHead id="credit" title={t('credit.title')} {...books} />
        <CreditTiles dashboard={dashboard} />
      </section>
      {countedAtS === null ? (
        <Notice tone="plain" title={t('counting')} action={t('countingAction')} />
      ) : (
        <>
          <section aria-labelledby="month" className="mb-12">
            <SectionHead id="month" title={t('month.title')} {...counted} />
            <MonthTiles dashboard={dashboard} />
          </section>
          <section aria-labelledby="plots" className="mb-12">
            <SectionHead id="plots" title={t('plots.title')} {...counted}>
              <SelectField
                label={t('plots.span')}
                value={span}
                options={spans.map((value) => ({ value, label: t(`plots.spans.${value}`) }))}
                onChange={(value) => onSpan(spans.find((one) => one === value) ?? '30')}
              />
            </SectionHead>
            <SpendPlots dashboard={dashboard} span={span} />
          </section>
          <section aria-labelledby="spenders">
            <SectionHead id="spenders" title={t('spenders.title')} {...counted} />
            <SpenderTable of="drivers" spenders={dashboard.drivers} currency={currency} />
            {dashboard.vehicles.length === 0 ? null : (
              <div className="mt-8">
                <SpenderTable of="vehicles" spenders={dashboard.vehicles} currency={currency} />
              </div>
            )}
          </section>
        </>
      )}
    </>
  )
}

/** All fleets of the operator: what they have out of sight, what they owe, and who of them may not go on. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Figure } from '@/components/ui/figure'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import { useFormat } from '@/lib/format/use-format'
import { RefusalNotice } from '../refusal-notice'
import { SectionHead } from '../section-head'
import { FleetDialogs } from './fleet-dialogs'
import { FleetFilters } from './fleet-filters'
import { FleetRows } from './fleet-rows'
import type { FleetTotals, FleetsActs, FleetsView } from './fleets-view'

export interface FleetsScreenProps {
  readonly view: FleetsView
  readonly acts: FleetsActs
}

export function FleetsScreen({ view, acts }: FleetsScreenProps) {
  const t = useTranslations('consoleOperator.fleets')
  const console = useTranslations('console')
  const format = useFormat()
  const { list, nowS, currency } = view
  const ages = list.kind === 'there' ? { asOfS: list.asOfS, nowS } : null
  return (
    <>
      <h1 className="mb-8 text-title">{t('title')}</h1>
      {list.kind === 'there' && list.isStale ? (
        <div className="mb-6">
          <Notice
            tone="offline"
            title={console('stale.title')}
            action={console('stale.action', { when: format.moment(list.asOfS, nowS) })}
          />
        </div>
      ) : null}
      {list.kind === 'there' && ages !== null ? (
        <section aria-labelledby="totals" className="mb-12">
          <SectionHead id="totals" title={t('totals.title')} {...ages} />
          <Totals totals={list.totals} currency={currency} nowS={nowS} />
        </section>
      ) : null}
      <section aria-labelledby="list">
        {ages === null ? (
          <h2 id="list" className="mb-3 text-title">
            {t('list')}
          </h2>
        ) : (
          <SectionHead id="list" title={t('list')} {...ages} />
        )}
        <FleetFilters filter={view.filter} onFilter={acts.onFilter} />
        <Listed view={view} acts={acts} />
      </section>
      <FleetDialogs view={view} acts={acts} />
    </>
  )
}

function Listed({ view, acts }: FleetsScreenProps) {
  const t = useTranslations('consoleOperator.fleets')
  const { list, may } = view
  if (list.kind === 'loading') return <Spinner awaited={t('loading')} usual={t('usual')} />
  if (list.kind === 'failed') return <RefusalNotice refusal={list.refusal} />
  return (
    <>
      <FleetRows fleets={list.fleets} view={view} acts={acts} />
      {list.hasMore ? (
        <Button kind="quiet" wide className="mt-2" onClick={acts.onMore}>
          {t('more')}
        </Button>
      ) : null}
      {may.creditLine && may.freeze ? null : (
        <p className="mt-3 text-note text-mute">{t(may.freeze ? 'mayNotLine' : 'mayNot')}</p>
      )}
    </>
  )
}

interface TotalsProps {
  readonly totals: FleetTotals
  readonly currency: string
  readonly nowS: number
}

function Totals({ totals, currency, nowS }: TotalsProps) {
  const t = useTranslations('consoleOperator.fleets.totals')
  const format = useFormat()
  const { heldMinor, openSessions, oldestAtS, drawnMinor, owedMinor, fleets, frozen } = totals
  return (
    <div className="grid gap-x-10 gap-y-6 border-y border-line py-6 md:grid-cols-[2fr_1fr_1fr]">
      <Figure
        label={t('held')}
        value={format.money(heldMinor, currency)}
        note={
          <p className="text-body text-mute">
            {oldestAtS === null
              ? t('heldNone')
              : t('heldNote', { count: openSessions, age: format.age(oldestAtS, nowS) })}
          </p>
        }
      />
      <SmallFigure
        name={t('debt')}
        value={format.money(drawnMinor + owedMinor, currency)}
        note={t('debtNote', {
          drawn: format.money(drawnMinor, currency),
          owed: format.money(owedMinor, currency),
        })}
      />
      <SmallFigure
        name={t('fleets')}
        value={format.count(fleets)}
        note={frozen === 0 ? t('frozenNone') : t('frozen', { count: frozen })}
      />
    </div>
  )
}

function SmallFigure(figure: { readonly name: string; readonly value: string; readonly note: string }) {
  return (
    <div className="md:border-l md:border-line md:pl-6">
      <p className="text-mute">{figure.name}</p>
      <p className="text-title font-bold tabular">{figure.value}</p>
      <p className="text-note text-mute">{figure.note}</p>
    </div>
  )
}

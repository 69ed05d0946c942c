/** All sessions of a fleet: found by state, site, time and name; with what they add up to, and the way to a table. */

import Download from 'lucide-react/icons/download'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useFormat } from '@/lib/format/use-format'
import { RefusalNotice } from '../refusal-notice'
import { SectionHead } from '../section-head'
import { isFiltered, SessionFilters } from './session-filters'
import { SessionList } from './session-list'
import type { SessionsActs, SessionsView } from './sessions-view'

export interface SessionsScreenProps {
  readonly view: SessionsView
  readonly acts: SessionsActs
}

const iconProps = { className: 'size-icon shrink-0', strokeWidth: 1.75, 'aria-hidden': true } as const

export function SessionsScreen({ view, acts }: SessionsScreenProps) {
  const t = useTranslations('consoleSessions')
  const console = useTranslations('console')
  const format = useFormat()
  const { filter, asOfS, nowS, exporting } = view
  return (
    <>
      <div className="mb-6 flex flex-wrap items-center justify-between gap-4">
        <h1 className="text-title">{t('title')}</h1>
        <div className="flex flex-col items-end gap-1">
          <Button
            icon={<Download {...iconProps} />}
            disabled={!view.mayExport}
            busy={exporting.kind === 'waiting'}
            onClick={acts.onExport}
          >
            {exporting.kind === 'waiting' ? t('exporting') : t('export')}
          </Button>
          {view.mayExport ? null : <p className="text-note text-mute">{t('exportNot')}</p>}
        </div>
      </div>
      {exporting.kind === 'failed' ? (
        <div className="mb-6">
          <RefusalNotice refusal={exporting.refusal} />
        </div>
      ) : null}
      {view.isStale ? (
        <div className="mb-6">
          <Notice
            tone="offline"
            title={console('stale.title')}
            action={console('stale.action', { when: format.moment(asOfS, nowS) })}
          />
        </div>
      ) : null}
      <SessionFilters
        key={JSON.stringify(filter)}
        filter={filter}
        sites={view.sites}
        onFilter={acts.onFilter}
      />
      <section aria-labelledby="sessions">
        <SectionHead id="sessions" title={t('totals.title')} asOfS={asOfS} nowS={nowS} />
        <Totals view={view} />
        <SessionList
          sessions={view.sessions}
          nowS={nowS}
          empty={t(isFiltered(filter) ? 'emptyFiltered' : 'empty')}
          onOpen={acts.onOpen}
        />
        {view.hasMore ? (
          <div className="mt-4 text-center">
            <Button busy={view.isLoadingMore} onClick={acts.onMore}>
              {t('more')}
            </Button>
          </div>
        ) : null}
      </section>
    </>
  )
}

function Totals({ view: { totals, currency } }: Pick<SessionsScreenProps, 'view'>) {
  const t = useTranslations('consoleSessions.totals')
  const format = useFormat()
  const figures = [
    [t('sessions'), totals === null ? '–' : format.count(totals.sessions)],
    [t('energy'), totals === null ? '–' : format.energy(totals.energyWh)],
    [t('cost'), totals === null ? '–' : format.money(totals.totalMinor, currency)],
    [t('held'), totals === null ? '–' : format.money(totals.heldMinor, currency)],
  ]
  return (
    <>
      <dl className="mb-4 grid grid-cols-2 gap-x-6 gap-y-3 lg:grid-cols-4">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt className="text-note text-mute">{name}</dt>
            <dd className="text-lead font-bold tabular">{value}</dd>
          </div>
        ))}
      </dl>
      {totals === null || totals.isWhole ? null : (
        <p className="mb-4 text-note text-mute">{t('partly', { count: format.count(totals.sessions) })}</p>
      )}
    </>
  )
}

/** Drivers and vehicles of a fleet: found by name, number or plate, changed, removed and brought back. */

import FileUp from 'lucide-react/icons/file-up'
import Plus from 'lucide-react/icons/plus'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import { useFormat } from '@/lib/format/use-format'
import { RefusalNotice } from '../refusal-notice'
import { SectionHead } from '../section-head'
import { DriverList } from './driver-list'
import type { RosterActs, RosterDialog, RosterKind, RosterList, RosterView } from './drivers-view'
import { RosterDialogs } from './roster-dialogs'
import { RosterFilters } from './roster-filters'
import { RosterNewsNotice } from './roster-news'
import { RosterTabs } from './roster-tabs'
import { VehicleList } from './vehicle-list'

export interface DriversScreenProps {
  readonly view: RosterView
  readonly acts: RosterActs
}

const iconProps = { className: 'size-icon shrink-0', strokeWidth: 1.75, 'aria-hidden': true } as const
const asking = { kind: 'asking' } as const

const newOne = (kind: RosterKind): RosterDialog =>
  kind === 'drivers'
    ? { kind: 'driver', driver: null, progress: asking }
    : { kind: 'vehicle', vehicle: null, progress: asking }

export function DriversScreen({ view, acts }: DriversScreenProps) {
  const t = useTranslations('consoleDrivers')
  const console = useTranslations('console')
  const format = useFormat()
  const { list, filter, may, nowS } = view
  const { kind } = filter
  return (
    <>
      <div className="mb-6 flex flex-wrap items-center justify-between gap-4">
        <h1 className="text-title">{t('title')}</h1>
        {isBlank(view) ? null : (
          <div className="flex flex-col items-end gap-1">
            <div className="flex flex-wrap items-center gap-3">
              <Button
                icon={<FileUp {...iconProps} />}
                disabled={!may.change}
                onClick={() => acts.onImport(kind)}
              >
                {t('import.open')}
              </Button>
              <Button
                kind="primary"
                icon={<Plus {...iconProps} />}
                disabled={!may.change}
                onClick={() => acts.onOpen(newOne(kind))}
              >
                {t(`${kind}.add`)}
              </Button>
            </div>
            {may.change ? null : <p className="text-note text-mute">{t('mayNotChange')}</p>}
          </div>
        )}
      </div>
      <RosterTabs kind={kind} onKind={(next) => acts.onFilter({ kind: next, state: 'active', search: '' })} />
      <div className="flex flex-col gap-4 not-empty:mb-6">
        {list.kind === 'there' && list.isStale ? (
          <Notice
            tone="offline"
            title={console('stale.title')}
            action={console('stale.action', { when: format.moment(list.asOfS, nowS) })}
          />
        ) : null}
        {view.news === null ? null : (
          <RosterNewsNotice key={`${view.news.kind} ${view.news.subject.id}`} news={view.news} acts={acts} />
        )}
        {view.refusal === null ? null : <RefusalNotice refusal={view.refusal} />}
      </div>
      {isBlank(view) ? <FirstStep view={view} acts={acts} /> : <Listed view={view} acts={acts} />}
      <RosterDialogs dialog={view.dialog} acts={acts} />
    </>
  )
}

/** Nothing was ever there: another page than a search that finds nothing. */
function isBlank({ list, filter }: RosterView): boolean {
  if (list.kind !== 'there' || list.value.rows.length > 0) return false
  return filter.search === '' && filter.state === 'active'
}

function Listed({ view, acts }: DriversScreenProps) {
  const t = useTranslations('consoleDrivers')
  const { list, filter, nowS } = view
  return (
    <section aria-labelledby="roster">
      <RosterFilters
        key={`${filter.kind} ${filter.state} ${filter.search}`}
        filter={filter}
        onFilter={acts.onFilter}
      />
      {list.kind === 'there' ? (
        <>
          <SectionHead
            id="roster"
            title={t(`${filter.kind}.count`, { count: list.total })}
            asOfS={list.asOfS}
            nowS={Math.max(nowS, list.asOfS)}
          />
          <Rows list={list} view={view} acts={acts} />
          {list.hasMore ? (
            <div className="mt-4 text-center">
              <Button onClick={acts.onMore}>{t('more')}</Button>
            </div>
          ) : null}
        </>
      ) : (
        <>
          <h2 id="roster" className="sr-only">
            {t(`${filter.kind}.title`)}
          </h2>
          {list.kind === 'loading' ? (
            <Spinner awaited={t('loading')} usual={t('loadingUsual')} />
          ) : (
            <RefusalNotice refusal={list.refusal} />
          )}
        </>
      )}
    </section>
  )
}

type Read = Extract<RosterList, { kind: 'there' }>

function Rows({ list, view, acts }: DriversScreenProps & { readonly list: Read }) {
  const t = useTranslations('consoleDrivers')
  const { filter, currency, may } = view
  const empty = t(filter.search === '' ? `${filter.kind}.emptyRemoved` : `${filter.kind}.emptyFiltered`)
  const shared = { currency, may, empty, acts }
  return list.value.kind === 'drivers' ? (
    <DriverList drivers={list.value.rows} {...shared} />
  ) : (
    <VehicleList vehicles={list.value.rows} {...shared} />
  )
}

/** What to do first. */
function FirstStep({ view, acts }: DriversScreenProps) {
  const t = useTranslations('consoleDrivers')
  const { kind } = view.filter
  return (
    <section aria-labelledby="first" className="max-w-measure pt-2">
      <h2 id="first" className="mb-2 text-lead font-bold">
        {t(`${kind}.emptyTitle`)}
      </h2>
      <p className="mb-6 text-mute">{t(`${kind}.empty`)}</p>
      <div className="flex flex-wrap items-center gap-3">
        <Button
          kind="primary"
          icon={<FileUp {...iconProps} />}
          disabled={!view.may.change}
          onClick={() => acts.onImport(kind)}
        >
          {t('import.open')}
        </Button>
        <Button
          icon={<Plus {...iconProps} />}
          disabled={!view.may.change}
          onClick={() => acts.onOpen(newOne(kind))}
        >
          {t(`${kind}.addOne`)}
        </Button>
      </div>
      {view.may.change ? null : <p className="mt-2 text-note text-mute">{t('mayNotChange')}</p>}
      <p className="mt-8">
        <a
          className="inline-flex min-h-target items-center underline underline-offset-4"
          href={`/fleet/drivers?kind=${kind}&state=removed`}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return
            event.preventDefault()
            acts.onFilter({ kind, state: 'removed', search: '' })
          }}
        >
          {t(`${kind}.seeRemoved`)}
        </a>
      </p>
    </section>
  )
}

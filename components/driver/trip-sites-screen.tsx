/** Which sites: found by name, or all along a way between two of them. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Choice } from '@/components/ui/choice'
import { Field } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { SelectField } from '@/components/ui/select-field'
import { useFormat } from '@/lib/format/use-format'
import { Screen } from './screen'
import type { TripSite, TripSitesView } from './trip-view'

export interface TripSitesProps {
  view: TripSitesView
  onMode(mode: TripSitesView['mode']): void
  onSearch(search: string): void
  onWay(way: { readonly fromId: string; readonly toId: string; readonly widthKm: number }): void
  onToggle(siteId: string): void
  onContinue(): void
  onBack(): void
}

export function TripSitesScreen(props: TripSitesProps) {
  const { view } = props
  const t = useTranslations('driver.trip')
  const format = useFormat()
  return (
    <Screen
      title={t('sitesTitle')}
      onBack={props.onBack}
      foot={
        <>
          <p role="status" className="text-center text-note text-mute">
            {t('chosen', { count: view.chosenCount, max: view.sitesMax })}
          </p>
          <Button kind="primary" wide disabled={view.chosenCount === 0} onClick={props.onContinue}>
            {t('toAmount')}
          </Button>
        </>
      }
    >
      <Choice
        legend={t('mode')}
        legendHidden
        value={view.mode}
        onChange={props.onMode}
        options={[
          { value: 'search', label: t('bySearch') },
          { value: 'way', label: t('byWay') },
        ]}
      />
      {view.mode === 'search' ? (
        <Field
          label={t('search')}
          type="search"
          autoComplete="off"
          value={view.search}
          onChange={(event) => props.onSearch(event.target.value)}
        />
      ) : (
        <Way view={view} onWay={props.onWay} />
      )}
      <SiteList {...props} />
      {view.asOfS === null ? null : (
        <p className="text-note text-mute">{t('sitesAsOf', { age: format.age(view.asOfS, view.nowS) })}</p>
      )}
    </Screen>
  )
}

function Way({ view, onWay }: Pick<TripSitesProps, 'view' | 'onWay'>) {
  const t = useTranslations('driver.trip')
  const { fromId, toId, widthKm } = view
  const options = [
    { value: '', label: t('endUnset') },
    ...view.ends.map(({ siteId, label }) => ({ value: siteId, label })),
  ]
  return (
    <div className="flex flex-col gap-4">
      <div className="grid grid-cols-[repeat(auto-fit,minmax(9rem,1fr))] gap-3">
        <SelectField
          label={t('from')}
          options={options}
          value={fromId}
          onChange={(next) => onWay({ fromId: next, toId, widthKm })}
        />
        <SelectField
          label={t('to')}
          options={options}
          value={toId}
          onChange={(next) => onWay({ fromId, toId: next, widthKm })}
        />
      </div>
      <Choice
        legend={t('width')}
        value={widthKm}
        onChange={(next: number) => onWay({ fromId, toId, widthKm: next })}
        options={view.widthsKm.map((km) => ({ value: km, label: t('km', { km: String(km) }) }))}
      />
    </div>
  )
}

function SiteList({ view, onToggle }: TripSitesProps) {
  const t = useTranslations('driver.trip')
  if (view.asOfS === null) {
    return (
      <Notice
        tone="offline"
        title={t(view.online ? 'sitesReading' : 'sitesUnread')}
        action={t('sitesUnreadAction')}
      />
    )
  }
  if (view.sites.length === 0) {
    const isWayOpen = view.mode === 'way' && (view.fromId === '' || view.toId === '')
    return <p className="text-mute">{t(isWayOpen ? 'wayOpen' : 'noSites')}</p>
  }
  const isFull = view.chosenCount >= view.sitesMax
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">{t('sitesTitle')}</legend>
      <ul className="divide-y divide-line border-y border-line">
        {view.sites.map((site) => (
          <li key={site.siteId}>
            <SiteRow site={site} disabled={isFull && !site.chosen} onToggle={onToggle} />
          </li>
        ))}
      </ul>
    </fieldset>
  )
}

interface SiteRowProps {
  readonly site: TripSite
  readonly disabled: boolean
  onToggle(siteId: string): void
}

function SiteRow({ site, disabled, onToggle }: SiteRowProps) {
  const t = useTranslations('driver.trip')
  return (
    <label className="flex min-h-target cursor-pointer items-center gap-3 py-3 has-disabled:cursor-default has-disabled:text-mute">
      <input
        type="checkbox"
        className="size-6 shrink-0 accent-(--ink)"
        checked={site.chosen}
        disabled={disabled}
        onChange={() => onToggle(site.siteId)}
      />
      <span className="min-w-0 flex-1">
        <span className="block font-bold">{site.label}</span>
        <span className="block text-note text-mute">{t('chargers', { count: site.chargers })}</span>
      </span>
      {site.km === null ? null : (
        <span className="shrink-0 text-mute tabular">{t('km', { km: String(Math.round(site.km)) })}</span>
      )}
    </label>
  )
}

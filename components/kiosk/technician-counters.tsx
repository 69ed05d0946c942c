/** What the charger has counted, and the roads by which it is told home. */

import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '@/lib/format/use-format'
import { Pager, Titled, VerdictMark } from './technician-parts'
import type { TechnicianView } from './technician-view'

/** All of them where they fit; else so many a page. */
const roadsFit = 4
const roadsOnPage = 3

export function TechnicianCounters({ view }: { readonly view: TechnicianView }) {
  const t = useTranslations('kiosk.technician')
  const format = useFormat()
  const [page, setPage] = useState(0)
  const fits = view.roads.length <= roadsFit
  const pages = fits ? 1 : Math.ceil(view.roads.length / roadsOnPage)
  const first = Math.min(page, pages - 1) * roadsOnPage
  const roads = fits ? view.roads : view.roads.slice(first, first + roadsOnPage)
  return (
    <div className="technician-pair h-full content-start" data-upright="one">
      <dl className="flex flex-col gap-y-[calc(var(--u)*5)]">
        {view.counters.map(({ counter, value }) => (
          <div key={counter} className="flex items-baseline justify-between gap-x-4">
            <dt className="text-mute">{t(`counters.${counter}`)}</dt>
            <dd className="font-bold whitespace-nowrap tabular">
              {counter === 'journalBytes' ? format.bytes(value) : format.count(value)}
            </dd>
          </div>
        ))}
      </dl>
      <div className="flex flex-col justify-between gap-y-2">
        <ul className="flex flex-col gap-y-2">
          {roads.map(({ road, name, verdict, lastContactS, fault, waiting }) => (
            <li key={`${road} ${name ?? ''}`} className="flex gap-x-4">
              <VerdictMark verdict={verdict} />
              <Titled title={t(`roads.${road}`, { name: name ?? '' })}>
                {road === 'site'
                  ? t(verdict === 'good' ? 'roads.connected' : 'roads.away')
                  : lastContactS === null
                    ? t('roads.never')
                    : t('roads.last', { at: format.timestamp(lastContactS) })}
                {waiting === null ? null : <> · {t('roads.waiting', { count: waiting })}</>}
                {fault === null ? null : <> · {t('roads.fault', { fault })}</>}
              </Titled>
            </li>
          ))}
        </ul>
        <Pager page={Math.min(page, pages - 1)} pages={pages} onPage={setPage} />
      </div>
    </div>
  )
}

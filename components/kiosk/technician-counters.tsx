/** What the charger has counted, and the roads by which it is told home. */

import { useTranslations } from 'use-intl'
import { useFormat } from '@/lib/format/use-format'
import { Titled, VerdictMark } from './technician-parts'
import type { TechnicianView } from './technician-view'

export function TechnicianCounters({ view }: { readonly view: TechnicianView }) {
  const t = useTranslations('kiosk.technician')
  const format = useFormat()
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
      <ul className="flex flex-col gap-y-4">
        {view.roads.map(({ road, verdict, lastContactS, fault }) => (
          <li key={road} className="flex gap-x-4">
            <VerdictMark verdict={verdict} />
            <Titled title={t(`roads.${road}`)}>
              {lastContactS === null
                ? t('roads.never')
                : t('roads.last', { at: format.timestamp(lastContactS) })}
              {fault === null ? null : <> · {t('roads.fault', { fault })}</>}
            </Titled>
          </li>
        ))}
      </ul>
    </div>
  )
}

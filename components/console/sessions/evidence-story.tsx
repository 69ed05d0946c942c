/** Who told of a session and when, and how it went. */

import { useTranslations } from 'use-intl/react'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { useFormat } from '@/lib/format/use-format'
import type { Evidence } from './sessions-view'

export function Reports({ reports, nowS }: Pick<Evidence, 'reports'> & { readonly nowS: number }) {
  const t = useTranslations('consoleSessions.evidence')
  const format = useFormat()
  const told = ({ came, atS }: Evidence['reports']['phone']): string => {
    if (!came) return t('notHeard')
    return atS === null ? t('heardLater') : t('heard', { when: format.moment(atS, nowS) })
  }
  return (
    <DefinitionRows
      rows={(['phone', 'charger'] as const).map((who) => ({
        name: t(`who.${who}`),
        value: told(reports[who]),
        ...(reports.first === who && reports.phone.came && reports.charger.came ? { note: t('first') } : {}),
      }))}
    />
  )
}

export function Timeline({ moments }: { readonly moments: Evidence['timeline'] }) {
  const t = useTranslations('consoleSessions.evidence')
  const format = useFormat()
  return (
    <>
      <ol className="border-l-2 border-line">
        {moments.map(({ atS, what, by }, index) => (
          <li key={index} className="relative py-1.5 pl-5">
            <span aria-hidden="true" className="absolute top-3.5 -left-[5px] size-2 rounded-full bg-ink" />
            <span className="block font-bold">{t(`moment.${what}` as 'moment.offered')}</span>
            <span className="block text-note text-mute tabular">
              {format.timestamp(atS)} · {t(`who.${by}`)}
            </span>
          </li>
        ))}
      </ol>
      <p className="mt-2 text-note text-mute">{t('timelineNote')}</p>
    </>
  )
}

/** Each check in a sentence, with its outcome as picture and word. */

import CircleAlert from 'lucide-react/icons/circle-alert'
import CircleCheck from 'lucide-react/icons/circle-check'
import CircleHelp from 'lucide-react/icons/circle-question-mark'
import { useTranslations } from 'use-intl/react'
import type { Evidence } from './sessions-view'

export const outcomeLooks = {
  passed: { Icon: CircleCheck, ink: 'text-good' },
  failed: { Icon: CircleAlert, ink: 'text-bad' },
  open: { Icon: CircleHelp, ink: 'text-offline' },
} as const

export function EvidenceChecks({ checks, rootKey }: Pick<Evidence, 'checks' | 'rootKey'>) {
  const t = useTranslations('consoleSessions.evidence')
  return (
    <>
      <ul className="divide-y divide-line border-y border-line">
        {checks.map(({ name, outcome }) => {
          const { Icon, ink } = outcomeLooks[outcome]
          return (
            <li
              key={name}
              data-check={name}
              data-outcome={outcome}
              className={`flex gap-3 py-2.5 ${outcome === 'failed' ? 'font-bold' : ''}`}
            >
              <Icon className={`mt-0.5 size-icon shrink-0 ${ink}`} strokeWidth={1.75} aria-hidden="true" />
              <span className="min-w-0">{t(`check.${name}.${outcome}`)}</span>
            </li>
          )
        })}
      </ul>
      <p className="mt-3 text-note text-mute">{t('checksNote')}</p>
      <p className="mt-1 text-note break-all text-mute">
        {t('rootKey')}: {rootKey}
      </p>
    </>
  )
}

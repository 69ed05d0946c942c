/** Where the session stands in its charger's log, and what proves it. */

import { useTranslations } from 'use-intl/react'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { useFormat } from '@/lib/format/use-format'
import { outcomeLooks } from './evidence-checks'
import type { Evidence } from './sessions-view'

export function EvidenceLog({ log }: Pick<Evidence, 'log'>) {
  const t = useTranslations('consoleSessions.evidence')
  const format = useFormat()
  const [first] = log
  if (first === undefined) return <p className="text-mute">{t('logNone')}</p>
  return (
    <div className="max-w-measure">
      <ul className="divide-y divide-line border-t border-line">
        {log.map(({ device, epoch, seq, size, siblings, checkpointAtS, inclusion, checkpointIsRight }) => {
          const outcome = checkpointIsRight ? inclusion : 'failed'
          const { Icon, ink } = outcomeLooks[outcome]
          return (
            <li key={`${device} ${epoch} ${seq}`} className="flex gap-3 py-2.5">
              <Icon className={`mt-0.5 size-icon shrink-0 ${ink}`} strokeWidth={1.75} aria-hidden="true" />
              <span className="min-w-0">
                <span className="block font-bold">
                  {device} · {t('logEvent', { seq, size })}
                </span>
                <span className="block text-note text-mute">
                  {t(`logProof.${outcome}`, {
                    count: siblings.length,
                    when: format.timestamp(checkpointAtS),
                  })}
                </span>
              </span>
            </li>
          )
        })}
      </ul>
      <DefinitionRows rows={[{ name: t('root'), value: first.root, breakAll: true }]} />
    </div>
  )
}

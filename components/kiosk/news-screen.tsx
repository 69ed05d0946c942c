/** A phone brought the charger signed messages of its operator: what they changed, one plain line each. */

import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import type { NewsView } from './kiosk-view'
import { Split } from './split'

export function NewsScreen({ view, onClose }: { readonly view: NewsView; onClose(): void }) {
  const t = useTranslations('kiosk')
  const { news, hasGap, hasRefused } = view
  const lines = [
    ...news.map((kind) => t(`news.${kind}`)),
    ...(hasGap ? [t('news.gap')] : []),
    ...(hasRefused ? [t('news.refused')] : []),
  ]
  return (
    <Split
      subject="news"
      stage={
        <div className="flex h-full flex-col justify-between gap-y-5">
          <div>
            <h1 className="text-title leading-[1.1] font-bold tracking-[-0.01em] text-balance">
              {t('news.title')}
            </h1>
            <ul className="mt-5 flex flex-col gap-y-2 text-lead">
              {(lines.length === 0 ? [t('news.known')] : lines).map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
            <p className="mt-5 text-mute">{t('news.note')}</p>
          </div>
          <div>
            <Button kind="primary" onClick={onClose} className="min-w-[calc(var(--u)*240)]">
              {t('finished.done')}
            </Button>
          </div>
        </div>
      }
    />
  )
}

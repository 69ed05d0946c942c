/**
 * A phone brought the charger signed messages of its operator: what they changed, one plain line each. The camera goes
 * on: the phone's next code is the driver's own.
 */

import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import type { NewsView } from './kiosk-view'
import { Split } from './split'

export interface NewsProps {
  readonly view: NewsView
  /** The camera's living picture. */
  readonly camera: ReactNode
  onClose(): void
}

export function NewsScreen({ view, camera, onClose }: NewsProps) {
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
      side={
        <div className="flex h-full flex-col items-center justify-center gap-y-4">
          <div className="aspect-square w-[calc(var(--u)*380)] overflow-hidden rounded-card">{camera}</div>
          <p className="text-center text-balance">{t('offer.cameraTitle')}</p>
        </div>
      }
    />
  )
}

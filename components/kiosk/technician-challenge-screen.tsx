/** The way into technician mode: the charger's question for the technician's phone, and the camera for its answer. */

import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { reasonText } from '@/lib/format/reason-text'
import { CodePanel } from './code-panel'
import { Split } from './split'
import type { TechnicianChallengeView } from './technician-view'

export interface TechnicianChallengeProps {
  /** Null while the charger signs. */
  readonly view: TechnicianChallengeView | null
  readonly camera: ReactNode
  onClose(): void
}

export function TechnicianChallengeScreen({ view, camera, onClose }: TechnicianChallengeProps) {
  const t = useTranslations('kiosk.technician.ask')
  const translate = useTranslations('reasons')
  const refusal = view?.refusal ?? null
  const words = refusal === null ? undefined : reasonText(refusal, translate)
  return (
    <Split
      subject="technician"
      stage={
        <div className="flex h-full flex-col justify-between gap-y-4">
          <div>
            <h1 className="text-title leading-[1.1] font-bold tracking-[-0.01em]">{t('title')}</h1>
            {words === undefined ? (
              <p className="mt-3 max-w-[calc(var(--u)*700)] text-mute">{t('body')}</p>
            ) : (
              <div role="alert" className="mt-3">
                <p className="font-bold text-bad">
                  {words.title} <span className="font-normal text-mute tabular">{words.code}</span>
                </p>
                <p>{words.action}</p>
              </div>
            )}
          </div>
          <div className="flex items-end gap-x-6">
            <div className="kiosk-seen aspect-video shrink-0 overflow-hidden rounded-card">{camera}</div>
            <Button onClick={onClose}>{t('close')}</Button>
          </div>
        </div>
      }
      side={
        view === null ? (
          <p role="status">{t('wait')}</p>
        ) : (
          <CodePanel code={view.code} caption={t('caption')} />
        )
      }
    />
  )
}

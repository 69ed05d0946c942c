/** A receipt or an answer that was never scanned is shown once more to the phone that it belongs to. */

import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { CodePanel } from './code-panel'
import type { ShownAgainView } from './kiosk-view'
import { Split } from './split'

/** The camera looks for the code by which the phone proves which session was its own. */
export function AskAgainScreen({ camera, onClose }: { readonly camera: ReactNode; onClose(): void }) {
  const t = useTranslations('kiosk')
  return (
    <Split
      subject="again"
      stage={
        <div className="flex h-full flex-col justify-between gap-y-5">
          <div>
            <h1 className="text-title leading-[1.1] font-bold tracking-[-0.01em]">{t('again.title')}</h1>
            <p className="mt-3 max-w-[calc(var(--u)*700)] text-lead text-mute">{t('again.body')}</p>
          </div>
          <div>
            <Button onClick={onClose}>{t('helpScreen.close')}</Button>
          </div>
        </div>
      }
      side={
        <div className="flex h-full items-center justify-center">
          <div className="aspect-square w-[calc(var(--u)*440)] overflow-hidden rounded-card">{camera}</div>
        </div>
      }
    />
  )
}

export function ShownAgainScreen({ view, onClose }: { readonly view: ShownAgainView; onClose(): void }) {
  const t = useTranslations('kiosk')
  return (
    <Split
      subject={view.code}
      stage={
        <div className="flex h-full flex-col justify-between gap-y-5">
          <div>
            <h1 className="text-[length:var(--text-words)] leading-[1.05] font-bold tracking-[-0.02em] text-balance">
              {t(`again.${view.what}`)}
            </h1>
            <p className="mt-4 text-lead text-mute">{t('again.note')}</p>
          </div>
          <div>
            <Button kind="primary" onClick={onClose} className="min-w-[calc(var(--u)*240)]">
              {t('finished.done')}
            </Button>
          </div>
        </div>
      }
      side={<CodePanel code={view.code} caption={t('finished.caption')} />}
    />
  )
}

/** The screen hears nothing from its controller. The session is the controller's business and goes on. */

import { useTranslations } from 'use-intl'
import { SpinnerMark } from '@/components/ui/spinner'
import './kiosk.css'
import type { LostView } from './kiosk-view'

/** Fills the frame by itself: without a controller there is no bay, no state and nothing to stop. */
export function LostScreen({ view }: { readonly view: LostView }) {
  const t = useTranslations('kiosk.lost')
  return (
    <div className="kiosk-frame">
      <div className="kiosk-ground px-(--gutter) text-center">
        <div role="status" className="row-span-3 flex flex-col items-center justify-center gap-y-5">
          <span className="text-offline [&_svg]:size-[calc(var(--u)*72)]">
            <SpinnerMark />
          </span>
          <h1 className="text-[length:var(--text-words)] leading-[1.05] font-bold tracking-[-0.02em]">
            {view.kind === 'connecting' ? t('connecting') : t('title')}
          </h1>
          <p className="max-w-[calc(var(--u)*760)] text-lead text-balance">{t('body')}</p>
          {view.kind === 'lost' ? (
            <p className="max-w-[calc(var(--u)*760)] text-lead font-bold text-balance">{t('keeps')}</p>
          ) : null}
          <p className="text-balance text-mute">
            {t('usually')}
            {view.supportPhone === null ? null : (
              <>
                <br />
                {t('call', { phone: view.supportPhone })}
              </>
            )}
          </p>
        </div>
      </div>
    </div>
  )
}

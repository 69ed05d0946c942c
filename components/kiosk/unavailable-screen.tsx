/** This bay cannot charge: why, whom to call, and what to name. */

import Phone from 'lucide-react/icons/phone'
import { useTranslations } from 'use-intl'
import { reasonText } from '@/lib/format/reason-text'
import type { UnavailableView } from './kiosk-view'
import { Split } from './split'

export function UnavailableScreen({ view }: { readonly view: UnavailableView }) {
  const t = useTranslations('kiosk.unavailable')
  const words = reasonText({ code: view.reason }, useTranslations('reasons'))
  return (
    <div className="kiosk-drift h-full">
      <Split
        subject={view.reason}
        stage={
          <div className="flex h-full flex-col justify-between gap-y-6">
            <div role="alert">
              <h1 className="text-[length:var(--text-words)] leading-[1.05] font-bold tracking-[-0.02em] text-balance">
                {t('title')}
              </h1>
              <p className="mt-5 text-lead text-balance">{words.title}</p>
              <p className="mt-2 max-w-[calc(var(--u)*820)] text-lead text-mute text-balance">
                {words.action}
              </p>
            </div>
            <div className="border-t border-line pt-5">
              <p className="text-mute">{t('call')}</p>
              <p className="flex items-center gap-x-5 text-[length:var(--text-words)] leading-[1.1] font-bold tracking-[-0.02em] whitespace-nowrap tabular">
                <Phone className="size-[0.75em] shrink-0" strokeWidth={1.75} aria-hidden="true" />
                {view.supportPhone}
              </p>
              <p className="mt-2">{t('name', { charger: view.chargerId, code: words.code })}</p>
            </div>
          </div>
        }
      />
    </div>
  )
}

/** Nobody is here yet: what it costs, and the one thing to do. */

import CircleCheck from 'lucide-react/icons/circle-check'
import { useTranslations } from 'use-intl'
import { CarPlugged } from '@/components/ui/drawings'
import type { AttractView } from './kiosk-view'
import { PriceBoard } from './price-board'
import { Split } from './split'

export function AttractScreen({ view }: { readonly view: AttractView }) {
  const t = useTranslations('kiosk.attract')
  return (
    <div className="kiosk-drift h-full">
      <Split
        subject="attract"
        stage={
          <div className="flex h-full flex-col justify-between gap-y-8">
            {view.tariff === null ? <span /> : <PriceBoard tariff={view.tariff} size="figure" />}
            <div role="status">
              {view.isCardWaiting === true ? (
                <p className="mb-3 flex items-center gap-x-3 text-lead font-bold text-good">
                  <CircleCheck className="size-[1.1em] shrink-0" strokeWidth={2} aria-hidden="true" />
                  {t('cardAccepted')}
                </p>
              ) : null}
              <h1 className="text-[length:var(--text-words)] leading-[1.05] font-bold tracking-[-0.02em]">
                {view.isCardWaiting === true ? t('cardTitle') : t('title')}
              </h1>
              <p className="mt-3 text-lead text-balance">
                {view.isCardWaiting === true ? t('cardNext') : t('pay')}
              </p>
              <p className="kiosk-spare text-lead text-mute">{t('only')}</p>
            </div>
          </div>
        }
        side={
          <div className="kiosk-spare flex h-full items-end justify-center">
            <CarPlugged className="h-auto w-full" />
          </div>
        }
      />
    </div>
  )
}

/** Nobody is here yet: what it costs, and the one thing to do. */

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
            <div>
              <h1 className="text-[length:var(--text-words)] leading-[1.05] font-bold tracking-[-0.02em]">
                {t('title')}
              </h1>
              <p className="mt-3 text-lead text-balance">{t('pay')}</p>
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

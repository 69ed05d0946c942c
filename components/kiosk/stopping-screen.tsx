/** The charger is ending the session and signing the receipt. */

import { useTranslations } from 'use-intl'
import { SpinnerMark } from '@/components/ui/spinner'
import { useFormat } from '@/lib/format/use-format'
import { MainFigure, SmallFigures } from './figure-block'
import type { StoppingView } from './kiosk-view'
import { Split } from './split'

export function StoppingScreen({ view }: { readonly view: StoppingView }) {
  const t = useTranslations('kiosk')
  const format = useFormat()
  return (
    <Split
      subject="stopping"
      stage={
        <div className="flex h-full flex-col justify-between gap-y-5">
          <div className="flex flex-col gap-y-6">
            <MainFigure name={t('stopping.soFar')} value={format.money(view.costMinor, view.currency)} />
            <SmallFigures figures={[{ name: t('charging.energy'), value: format.energy(view.energyWh) }]} />
          </div>
          <div role="status" className="flex items-start gap-x-5">
            <span className="mt-1">
              <SpinnerMark />
            </span>
            <div>
              <h1 className="text-title leading-[1.1] font-bold">{t('stopping.title')}</h1>
              <p className="mt-2 max-w-[calc(var(--u)*700)] text-balance text-mute">{t('stopping.body')}</p>
            </div>
          </div>
        </div>
      }
    />
  )
}

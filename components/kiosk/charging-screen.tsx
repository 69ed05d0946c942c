/** A session runs: what it costs so far, what has flowed, and a signed reading to take along. */

import { useTranslations } from 'use-intl'
import { useFormat } from '@/lib/format/use-format'
import { CodePanel } from './code-panel'
import { HoldBar, MainFigure, SmallFigures } from './figure-block'
import type { ChargingView } from './kiosk-view'
import { Split } from './split'
import { StopCodeCard } from './stop-code-card'

/** From nine tenths of the hold on, people are told what happens at its end. */
const isNearHold = (view: ChargingView): boolean => view.costMinor * 10 >= view.heldMinor * 9

export function ChargingScreen({ view }: { readonly view: ChargingView }) {
  const t = useTranslations('kiosk')
  return (
    <Split
      subject="charging"
      stage={
        <div className="flex h-full flex-col justify-between gap-y-5">
          <ChargingFigures view={view} />
          {view.stopCode === null ? <ChargingNote view={view} /> : <StopCodeCard code={view.stopCode} />}
        </div>
      }
      side={
        view.answerCode === null ? (
          <CodePanel code={view.statusCode} caption={t('charging.status')} />
        ) : (
          <CodePanel code={view.answerCode} caption={t('starting.answerCaption')} />
        )
      }
    />
  )
}

function ChargingFigures({ view }: { readonly view: ChargingView }) {
  const t = useTranslations('kiosk.charging')
  const format = useFormat()
  return (
    <div className="flex flex-col gap-y-5">
      <MainFigure
        name={t('cost')}
        value={format.money(view.costMinor, view.currency)}
        note={t('held', { amount: format.moneyShort(view.heldMinor, view.currency) })}
      />
      <HoldBar usedMinor={view.costMinor} heldMinor={view.heldMinor} label={t('bar')} />
      <SmallFigures
        figures={[
          { name: t('energy'), value: format.energy(view.energyWh) },
          { name: t('power'), value: format.power(view.powerW) },
          { name: t('elapsed'), value: format.duration(view.elapsedS) },
        ]}
      />
    </div>
  )
}

function ChargingNote({ view }: { readonly view: ChargingView }) {
  const t = useTranslations('kiosk.charging')
  const format = useFormat()
  if (isNearHold(view)) {
    return <p>{t('nearHold', { amount: format.moneyShort(view.heldMinor, view.currency) })}</p>
  }
  return view.powerW === 0 ? <p>{t('noPower')}</p> : null
}

/** A session runs: what it costs so far, what has flowed, and a signed reading to take along. */

import { useTranslations } from 'use-intl'
import { useFormat } from '@/lib/format/use-format'
import { CodePanel } from './code-panel'
import { HoldBar, MainFigure, SmallFigures } from './figure-block'
import type { ChargingView } from './kiosk-view'
import { PriceChangeLine } from './price-change-line'
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
        <div className="flex h-full flex-col justify-between gap-y-3">
          <ChargingFigures view={view} />
          {view.stopCode === null ? <ChargingNote view={view} /> : <StopCodeCard code={view.stopCode} />}
        </div>
      }
      side={
        view.answerCode === null ? (
          <CodePanel code={view.statusCode} caption={t('charging.status')} size="small" />
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
    <div className="flex flex-col gap-y-4">
      <MainFigure
        name={t('cost')}
        value={format.money(view.costMinor, view.currency)}
        beside={t('held', { amount: format.moneyShort(view.heldMinor, view.currency) })}
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
  const near = isNearHold(view)
  return (
    <p className="text-lead">
      {near ? t('nearHold', { amount: format.moneyShort(view.heldMinor, view.currency) }) : null}
      {!near && view.powerW === 0 ? t('noPower') : null}{' '}
      <span className="text-mute">{view.isByCard === true ? t('toEndByCard') : t('toEnd')}</span>
      {view.tariff.change === undefined ? null : (
        <span className="mt-2 block text-note">
          <PriceChangeLine tariff={view.tariff} hasPassed={view.hasPriceChanged} />
        </span>
      )}
    </p>
  )
}

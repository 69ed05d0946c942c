/** Trips: what was taken along for which sites, readable without signal, and the way to prepare another one. */

import CircleCheck from 'lucide-react/icons/circle-check'
import Clock from 'lucide-react/icons/clock'
import RefreshCw from 'lucide-react/icons/refresh-cw'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { Pill } from '@/components/ui/pill'
import { useFormat } from '@/lib/format/use-format'
import { PriceRows } from './price-rows'
import { RefusalNotice } from './refusal-notice'
import { Screen, SectionHead } from './screen'
import type { TakenTrip, TripPrice, TripView } from './trip-view'

export interface TripProps {
  view: TripView
  onChoose(): void
  onAddFunds(): void
  onSignIn(): void
  onGiveBack(serial: string): void
  onBack(): void
}

const looks = {
  live: { tone: 'good', Icon: CircleCheck },
  over: { tone: 'offline', Icon: Clock },
  closing: { tone: 'plain', Icon: RefreshCw },
} as const

export function TripScreen(props: TripProps) {
  const { view } = props
  const t = useTranslations('driver.trip')
  return (
    <Screen title={t('title')} onBack={props.onBack} foot={<TripFoot {...props} />}>
      <p className="max-w-measure text-mute">{t('lead')}</p>
      {view.online ? null : <Notice tone="offline" title={t('offlineTitle')} action={t('offlineAction')} />}
      {view.refusal === null ? null : <RefusalNotice refusal={view.refusal} />}
      <section>
        <SectionHead>{t('taken')}</SectionHead>
        {view.taken.length === 0 ? (
          <p className="border-y border-line py-4 text-mute">{t('nothingTaken')}</p>
        ) : (
          <ul className="divide-y divide-line border-y border-line">
            {view.taken.map((trip) => (
              <li key={trip.serial} className="flex flex-col gap-3 py-4">
                <Taken trip={trip} view={view} onGiveBack={props.onGiveBack} />
              </li>
            ))}
          </ul>
        )}
      </section>
      {view.price === null ? null : <Price price={view.price} />}
    </Screen>
  )
}

function TripFoot({ view, onChoose, onAddFunds, onSignIn }: TripProps) {
  const t = useTranslations('driver.trip')
  if (view.canOrder === 'yes')
    return (
      <Button kind="primary" wide disabled={!view.online} onClick={onChoose}>
        {t('choose')}
      </Button>
    )
  const isOut = view.canOrder === 'signed-out'
  return (
    <>
      <p className="text-center text-note text-mute">{t(isOut ? 'signedOut' : 'noFunds')}</p>
      <Button kind="primary" wide disabled={!view.online} onClick={isOut ? onSignIn : onAddFunds}>
        {t(isOut ? 'signIn' : 'addFunds')}
      </Button>
    </>
  )
}

interface TakenProps {
  readonly trip: TakenTrip
  readonly view: TripView
  onGiveBack(serial: string): void
}

function Taken({ trip, view, onGiveBack }: TakenProps) {
  const t = useTranslations('driver.trip')
  const format = useFormat()
  const { tone, Icon } = looks[trip.state]
  const when = format.moment(trip.untilS, view.nowS)
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
        <span className="min-w-0 flex-1 basis-40">
          <span className="block font-bold">{trip.siteLabels.join(' · ')}</span>
          <span className="block text-note text-mute">
            {t(trip.state === 'over' ? 'ended' : 'until', { when })}
          </span>
          <Pill bare tone={tone} icon={<Icon strokeWidth={1.75} aria-hidden="true" />}>
            {t(`state.${trip.state}`)}
          </Pill>
        </span>
        <span className="ml-auto text-right tabular">
          <span className="block text-lead font-bold">{format.money(trip.leftMinor, trip.currency)}</span>
          <span className="block text-note text-mute">
            {t('ofCap', { cap: format.moneyShort(trip.capMinor, trip.currency) })}
          </span>
        </span>
      </div>
      {trip.state === 'closing' ? (
        <p className="text-note text-mute">{t('closingNote')}</p>
      ) : (
        <Button
          kind="secondary"
          wide
          disabled={!view.online}
          busy={view.busy === trip.serial}
          onClick={() => onGiveBack(trip.serial)}
        >
          {t('giveBack')}
        </Button>
      )}
    </>
  )
}

export function Price({ price }: { readonly price: TripPrice }) {
  const t = useTranslations('driver.trip')
  const format = useFormat()
  return (
    <section>
      <SectionHead>{t('price')}</SectionHead>
      <PriceRows tariff={price.tariff} />
      <p className="mt-2 text-note text-mute">
        {t('estimate', {
          energy: format.energy(price.estimate.energyWh),
          amount: format.money(price.estimate.totalMinor, price.tariff.currency),
        })}
      </p>
    </section>
  )
}

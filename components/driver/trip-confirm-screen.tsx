/** How much, until when, and what it leaves elsewhere: everything that will be reserved, before it is. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Choice } from '@/components/ui/choice'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { Figure } from '@/components/ui/figure'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import { useFormat } from '@/lib/format/use-format'
import { RefusalNotice } from './refusal-notice'
import { Screen, SectionHead } from './screen'
import { Price } from './trip-screen'
import type { TripConfirmView, TripFigure } from './trip-view'

export interface TripConfirmProps {
  view: TripConfirmView
  onAmount(capMinor: number): void
  onConfirm(): void
  onBack(): void
}

export function TripConfirmScreen({ view, onAmount, onConfirm, onBack }: TripConfirmProps) {
  const t = useTranslations('driver.trip')
  const format = useFormat()
  const short = (amountMinor: number): string => format.moneyShort(amountMinor, view.currency)
  const money = (amountMinor: number): string => format.money(amountMinor, view.currency)
  return (
    <Screen
      title={t('confirmTitle')}
      onBack={onBack}
      foot={
        <>
          {view.packing ? <Spinner awaited={t('packing')} usual={t('packingUsual')} /> : null}
          <Button kind="primary" wide disabled={!view.online} busy={view.packing} onClick={onConfirm}>
            {t('confirm', { amount: short(view.capMinor) })}
          </Button>
        </>
      }
    >
      <Figure
        label={view.siteLabels.join(' · ')}
        value={money(view.capMinor)}
        note={<p>{t('reservedUntil', { when: format.moment(view.untilS, view.nowS) })}</p>}
      />
      <Choice
        legend={t('amount')}
        legendHidden
        layout="grid"
        disabled={view.packing}
        value={view.capMinor}
        onChange={onAmount}
        options={view.choicesMinor.map((choice) => ({ value: choice, label: short(choice) }))}
      />
      {view.refusal === null ? null : <RefusalNotice refusal={view.refusal} />}
      {view.online ? null : <Notice tone="offline" title={t('offlineTitle')} action={t('offlineAction')} />}
      <section>
        <SectionHead>{t('afterwards')}</SectionHead>
        <DefinitionRows
          rows={[
            { name: t('forSites', { count: view.siteLabels.length }), value: money(view.capMinor) },
            {
              name: t('forEverywhere'),
              value: money(view.roamingAfterMinor),
              ...(view.roamingAfterMinor === view.roamingBeforeMinor
                ? {}
                : { note: t('wasBefore', { amount: money(view.roamingBeforeMinor) }) }),
            },
            { name: t('inAccount'), value: money(view.balanceAfterMinor) },
          ]}
        />
        <p className="mt-2 text-note text-mute">{t('splitNote')}</p>
      </section>
      <section>
        <SectionHead>{t('perSession')}</SectionHead>
        <ul className="divide-y divide-line border-y border-line">
          {view.figures.map((figure) => (
            <li key={figure.kind} className="py-3">
              <PerSession figure={figure} currency={view.currency} />
            </li>
          ))}
        </ul>
      </section>
      {view.price === null ? null : <Price price={view.price} />}
      <p className="text-note text-mute">{t('alsoTaken')}</p>
    </Screen>
  )
}

function PerSession({ figure, currency }: { readonly figure: TripFigure; readonly currency: string }) {
  const t = useTranslations('driver.trip')
  const format = useFormat()
  const amount = format.moneyShort(figure.plainMinor, currency)
  const said =
    figure.passkeyMinor === null
      ? t('upTo', { amount })
      : t('upToPasskey', { amount, passkeyAmount: format.moneyShort(figure.passkeyMinor, currency) })
  return (
    <>
      <p className="font-bold">{said}</p>
      <p className="text-note text-mute">{figure.siteLabels.join(' · ')}</p>
      {figure.kind === 'new-charger' ? <p className="text-note text-mute">{t('newChargerNote')}</p> : null}
    </>
  )
}

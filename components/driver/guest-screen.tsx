/** Charging without an account: an amount is set aside on a card, and only what is used of it is charged. */

import { useTranslations } from 'use-intl/react'
import { useFormat } from '@/lib/format/use-format'
import { CreditArrived } from './credit-arrived'
import { PaymentForm, type PaymentOrder, type PaymentState, type PaymentView } from './payment-form'

export interface GuestView extends PaymentView {
  readonly state:
    | PaymentState
    /** The grant is on this phone. */
    | { readonly kind: 'done'; readonly capMinor: number; readonly untilS: number }
}

export interface GuestProps {
  view: GuestView
  onPay(order: PaymentOrder): void
  onDone(): void
  onBack(): void
}

export function GuestScreen({ view, onPay, onDone, onBack }: GuestProps) {
  const t = useTranslations('driver.guest')
  if (view.state.kind === 'done') return <Done view={view} {...view.state} onDone={onDone} onBack={onBack} />
  return (
    <PaymentForm
      view={view}
      state={view.state}
      title={t('title')}
      amountLegend={t('amount')}
      payLabel={(amount) => t('pay', { amount })}
      offlineAction={t('offlineAction')}
      lead={() => <p>{t('promise')}</p>}
      onPay={onPay}
      onBack={onBack}
    />
  )
}

interface DoneProps {
  readonly view: GuestView
  readonly capMinor: number
  readonly untilS: number
  onDone(): void
  onBack(): void
}

function Done({ view, capMinor, untilS, onDone, onBack }: DoneProps) {
  const t = useTranslations('driver.guest')
  const format = useFormat()
  return (
    <CreditArrived
      title={t('doneTitle')}
      figure={{
        label: t('doneCap'),
        value: format.money(capMinor, view.currency),
        note: <p>{t('doneUntil', { day: format.day(untilS), time: format.clock(untilS) })}</p>,
      }}
      onDone={onDone}
      onBack={onBack}
    >
      <p>{t('doneNext')}</p>
      <ul className="flex flex-col divide-y divide-line border-y border-line text-mute">
        <li className="py-3">{t('doneKept')}</li>
        <li className="py-3">{t('doneRefund')}</li>
      </ul>
    </CreditArrived>
  )
}

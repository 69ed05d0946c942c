/** Adds credit by card. The amount is the one figure. */

import { useTranslations } from 'use-intl/react'
import { Figure } from '@/components/ui/figure'
import { useFormat } from '@/lib/format/use-format'
import { CreditArrived } from './credit-arrived'
import { PaymentForm, type PaymentOrder, type PaymentState, type PaymentView } from './payment-form'

export interface TopUpView extends PaymentView {
  readonly balanceMinor: number
  readonly suggestedMinor: number
  readonly state:
    | PaymentState
    /** `takenAlong`: it is on this phone already, ready to be spent without signal. */
    | { readonly kind: 'done'; readonly amountMinor: number; readonly takenAlong: boolean }
}

export interface TopUpProps {
  view: TopUpView
  onPay(order: PaymentOrder): void
  onDone(): void
  onBack(): void
}

export function TopUpScreen({ view, onPay, onDone, onBack }: TopUpProps) {
  const t = useTranslations('driver.topUp')
  const format = useFormat()
  if (view.state.kind === 'done') return <Done view={view} {...view.state} onDone={onDone} onBack={onBack} />
  return (
    <PaymentForm
      view={view}
      state={view.state}
      title={t('title')}
      amountLegend={t('amount')}
      amountLegendHidden
      payLabel={(amount) => t(view.method === 'redirect' ? 'payByCard' : 'pay', { amount })}
      offlineAction={t('offlineAction')}
      lead={(amountMinor = 0) => (
        <Figure
          label={t('balance', { balance: format.money(view.balanceMinor, view.currency) })}
          value={`+${format.money(amountMinor, view.currency)}`}
        />
      )}
      promise={<p className="text-note text-mute">{t('promise')}</p>}
      onPay={onPay}
      onBack={onBack}
    />
  )
}

interface DoneProps {
  readonly view: TopUpView
  readonly amountMinor: number
  readonly takenAlong: boolean
  onDone(): void
  onBack(): void
}

function Done({ view, amountMinor, takenAlong, onDone, onBack }: DoneProps) {
  const t = useTranslations('driver.topUp')
  const format = useFormat()
  const balance = format.money(view.balanceMinor, view.currency)
  return (
    <CreditArrived
      title={t('doneTitle')}
      figure={{
        value: `+${format.money(amountMinor, view.currency)}`,
        note: takenAlong ? null : <p>{t('doneBalance', { balance })}</p>,
      }}
      onDone={onDone}
      onBack={onBack}
    >
      <p className="text-mute">{t(takenAlong ? 'doneTaken' : 'doneNext')}</p>
    </CreditArrived>
  )
}

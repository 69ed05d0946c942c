/**
 * Adds credit by card. The amount is the one figure. With the test provider a number is typed here; with a real one
 * the driver pays on the provider's page, comes back, and sees the payment on its way until it is credit.
 */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Choice } from '@/components/ui/choice'
import { Figure } from '@/components/ui/figure'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import { useFormat } from '@/lib/format/use-format'
import type { Refusal } from '@/lib/core/reason'
import { CardField, testCardNumber, type PaymentMethod } from './card-field'
import { PaymentOnItsWay } from './payment-on-its-way'
import { RefusalNotice } from './refusal-notice'
import { Screen } from './screen'

export interface TopUpView {
  readonly currency: string
  readonly balanceMinor: number
  readonly choicesMinor: readonly number[]
  /** Which choice is taken at first. */
  readonly suggestedMinor: number
  readonly online: boolean
  /** Null until the operator has said. */
  readonly method: PaymentMethod | null
  readonly state:
    | { readonly kind: 'choosing' }
    | { readonly kind: 'paying' }
    /** Back from the provider's page; its word to the operator is still to come. */
    | { readonly kind: 'on-its-way' }
    /** `takenAlong`: it is on this phone already, ready to be spent without signal. */
    | { readonly kind: 'done'; readonly amountMinor: number; readonly takenAlong: boolean }
    | { readonly kind: 'cancelled' }
    | { readonly kind: 'failed'; readonly refusal: Refusal }
}

export interface TopUpProps {
  view: TopUpView
  /** The number is null where it is typed on the provider's page. */
  onPay(order: { amountMinor: number; cardNumber: string | null }): void
  onDone(): void
  onBack(): void
}

export function TopUpScreen({ view, onPay, onDone, onBack }: TopUpProps) {
  const t = useTranslations('driver.topUp')
  const format = useFormat()
  const [amountMinor, setAmountMinor] = useState(view.suggestedMinor)
  const [cardNumber, setCardNumber] = useState(testCardNumber)
  if (view.state.kind === 'done') return <Done view={view} {...view.state} onDone={onDone} onBack={onBack} />
  if (view.state.kind === 'on-its-way') return <PaymentOnItsWay onBack={onBack} />

  const paying = view.state.kind === 'paying'
  const isTyped = view.method === 'card-number'
  const amount = format.moneyShort(amountMinor, view.currency)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onPay({ amountMinor, cardNumber: isTyped ? cardNumber : null })
      }}
    >
      <Screen
        title={t('title')}
        onBack={onBack}
        foot={
          <>
            {paying ? <Spinner awaited={t('waiting')} usual={t('usual')} /> : null}
            <Button
              kind="primary"
              type="submit"
              wide
              busy={paying}
              disabled={!view.online || view.method === null || (isTyped && cardNumber.trim() === '')}
            >
              {t(view.method === 'redirect' ? 'payByCard' : 'pay', { amount })}
            </Button>
          </>
        }
      >
        <Figure
          label={t('balance', { balance: format.money(view.balanceMinor, view.currency) })}
          value={`+${format.money(amountMinor, view.currency)}`}
        />
        <Choice
          legend={t('amount')}
          legendHidden
          layout="grid"
          disabled={paying}
          value={amountMinor}
          onChange={(choice: number) => setAmountMinor(choice)}
          options={view.choicesMinor.map((choice) => ({
            value: choice,
            label: format.moneyShort(choice, view.currency),
          }))}
        />
        <CardField method={view.method} value={cardNumber} disabled={paying} onChange={setCardNumber} />
        {view.online ? null : <Notice tone="offline" title={t('offlineTitle')} action={t('offlineAction')} />}
        {view.state.kind === 'failed' ? <RefusalNotice refusal={view.state.refusal} /> : null}
        {view.state.kind === 'cancelled' ? (
          <Notice tone="plain" title={t('cancelledTitle')} action={t('cancelledAction')} />
        ) : null}
        <p className="text-note text-mute">{t('promise')}</p>
      </Screen>
    </form>
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
  const common = useTranslations('common')
  const format = useFormat()
  return (
    <Screen
      title={t('doneTitle')}
      onBack={onBack}
      foot={
        <Button kind="primary" wide onClick={onDone}>
          {common('continue')}
        </Button>
      }
    >
      <Figure
        value={`+${format.money(amountMinor, view.currency)}`}
        note={
          takenAlong ? null : (
            <p>{t('doneBalance', { balance: format.money(view.balanceMinor, view.currency) })}</p>
          )
        }
      />
      <p className="text-mute">{t(takenAlong ? 'doneTaken' : 'doneNext')}</p>
    </Screen>
  )
}

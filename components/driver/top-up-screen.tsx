/** Adds credit by card. The amount is the one figure; the card number goes straight to the provider. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Choice } from '@/components/ui/choice'
import { Field } from '@/components/ui/field'
import { Figure } from '@/components/ui/figure'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import { useFormat } from '@/lib/format/use-format'
import { RefusalNotice } from './refusal-notice'
import { Screen } from './screen'
import type { Refusal } from '@/lib/core/reason'

export interface TopUpView {
  readonly currency: string
  readonly balanceMinor: number
  readonly choicesMinor: readonly number[]
  /** Which choice is taken at first. */
  readonly suggestedMinor: number
  readonly online: boolean
  /** The built-in test provider: no real card is charged, and the screen says so. */
  readonly sandbox: boolean
  readonly state:
    | { readonly kind: 'choosing' }
    | { readonly kind: 'paying'; readonly amountMinor: number }
    /** `takenAlong`: it is on this phone already, ready to be spent without signal. */
    | { readonly kind: 'done'; readonly amountMinor: number; readonly takenAlong: boolean }
    | { readonly kind: 'failed'; readonly refusal: Refusal }
}

export interface TopUpProps {
  view: TopUpView
  onPay(order: { amountMinor: number; cardNumber: string }): void
  onDone(): void
  onBack(): void
}

export function TopUpScreen({ view, onPay, onDone, onBack }: TopUpProps) {
  const t = useTranslations('driver.topUp')
  const common = useTranslations('common')
  const format = useFormat()
  const [amountMinor, setAmountMinor] = useState(view.suggestedMinor)
  const [cardNumber, setCardNumber] = useState(view.sandbox ? '4242 4242 4242 4242' : '')

  if (view.state.kind === 'done') {
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
          value={`+${format.money(view.state.amountMinor, view.currency)}`}
          note={
            view.state.takenAlong ? null : (
              <p>{t('doneBalance', { balance: format.money(view.balanceMinor, view.currency) })}</p>
            )
          }
        />
        <p className="text-mute">{t(view.state.takenAlong ? 'doneTaken' : 'doneNext')}</p>
      </Screen>
    )
  }

  const paying = view.state.kind === 'paying'
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onPay({ amountMinor, cardNumber })
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
              disabled={!view.online || cardNumber.trim() === ''}
            >
              {t('pay', { amount: format.moneyShort(amountMinor, view.currency) })}
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
        <Field
          label={t('card')}
          inputMode="numeric"
          autoComplete="cc-number"
          value={cardNumber}
          disabled={paying}
          onChange={(event) => setCardNumber(event.target.value)}
          hint={view.sandbox ? t('sandbox') : t('cardHint')}
        />
        {view.online ? null : <Notice tone="offline" title={t('offlineTitle')} action={t('offlineAction')} />}
        {view.state.kind === 'failed' ? <RefusalNotice refusal={view.state.refusal} /> : null}
        <p className="text-note text-mute">{t('promise')}</p>
      </Screen>
    </form>
  )
}

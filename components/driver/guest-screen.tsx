/** Charging without an account: an amount is set aside on a card, and only what is used of it is charged. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Choice } from '@/components/ui/choice'
import { Figure } from '@/components/ui/figure'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import type { Refusal } from '@/lib/core/reason'
import { useFormat } from '@/lib/format/use-format'
import { CardField, testCardNumber, type PaymentMethod } from './card-field'
import { PaymentOnItsWay } from './payment-on-its-way'
import { RefusalNotice } from './refusal-notice'
import { Screen } from './screen'

export interface GuestView {
  readonly currency: string
  /** Empty until the operator has said what it takes. */
  readonly choicesMinor: readonly number[]
  readonly online: boolean
  readonly method: PaymentMethod | null
  readonly state:
    | { readonly kind: 'choosing' }
    | { readonly kind: 'paying' }
    | { readonly kind: 'on-its-way' }
    /** The grant is on this phone. */
    | { readonly kind: 'done'; readonly capMinor: number; readonly untilS: number }
    | { readonly kind: 'cancelled' }
    | { readonly kind: 'failed'; readonly refusal: Refusal }
}

export interface GuestProps {
  view: GuestView
  onPay(order: { amountMinor: number; cardNumber: string | null }): void
  onDone(): void
  onBack(): void
}

export function GuestScreen({ view, onPay, onDone, onBack }: GuestProps) {
  const t = useTranslations('driver.guest')
  const pay = useTranslations('driver.topUp')
  const format = useFormat()
  const [chosenMinor, setChosenMinor] = useState<number | null>(null)
  const [cardNumber, setCardNumber] = useState(testCardNumber)
  if (view.state.kind === 'done') return <Done view={view} {...view.state} onDone={onDone} onBack={onBack} />
  if (view.state.kind === 'on-its-way') return <PaymentOnItsWay onBack={onBack} />

  const paying = view.state.kind === 'paying'
  const isTyped = view.method === 'card-number'
  const amountMinor = chosenMinor ?? view.choicesMinor.at(-1)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (amountMinor !== undefined) onPay({ amountMinor, cardNumber: isTyped ? cardNumber : null })
      }}
    >
      <Screen
        title={t('title')}
        onBack={onBack}
        foot={
          <>
            {paying ? <Spinner awaited={pay('waiting')} usual={pay('usual')} /> : null}
            <Button
              kind="primary"
              type="submit"
              wide
              busy={paying}
              disabled={!view.online || amountMinor === undefined || (isTyped && cardNumber.trim() === '')}
            >
              {amountMinor === undefined
                ? t('title')
                : t('pay', { amount: format.moneyShort(amountMinor, view.currency) })}
            </Button>
          </>
        }
      >
        <p>{t('promise')}</p>
        {amountMinor === undefined ? null : (
          <Choice
            legend={t('amount')}
            layout="grid"
            disabled={paying}
            value={amountMinor}
            onChange={(choice: number) => setChosenMinor(choice)}
            options={view.choicesMinor.map((choice) => ({
              value: choice,
              label: format.moneyShort(choice, view.currency),
            }))}
          />
        )}
        <CardField method={view.method} value={cardNumber} disabled={paying} onChange={setCardNumber} />
        {view.online ? null : (
          <Notice tone="offline" title={pay('offlineTitle')} action={t('offlineAction')} />
        )}
        {view.state.kind === 'failed' ? <RefusalNotice refusal={view.state.refusal} /> : null}
        {view.state.kind === 'cancelled' ? (
          <Notice tone="plain" title={pay('cancelledTitle')} action={pay('cancelledAction')} />
        ) : null}
      </Screen>
    </form>
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
        label={t('doneCap')}
        value={format.money(capMinor, view.currency)}
        note={<p>{t('doneUntil', { day: format.day(untilS), time: format.clock(untilS) })}</p>}
      />
      <p className="text-mute">{t('doneNext')}</p>
    </Screen>
  )
}

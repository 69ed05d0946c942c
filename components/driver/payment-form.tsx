/**
 * An amount and a card: what a top-up and a guest's order have in common. With the test provider a number is typed
 * here; with a real one the driver pays on the provider's page, comes back, and sees the payment on its way.
 */

import { useState, type ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Choice } from '@/components/ui/choice'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import { useFormat } from '@/lib/format/use-format'
import type { Refusal } from '@/lib/core/reason'
import { CardField, testCardNumber, type PaymentMethod } from './card-field'
import { PaymentOnItsWay } from './payment-on-its-way'
import { RefusalNotice } from './refusal-notice'
import { Screen } from './screen'

export type PaymentState =
  | { readonly kind: 'choosing' }
  | { readonly kind: 'paying' }
  /** Back from the provider's page; its word to the operator is still to come. */
  | { readonly kind: 'on-its-way' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly refusal: Refusal }

export interface PaymentView {
  readonly currency: string
  /** Empty until the operator has said what it takes. */
  readonly choicesMinor: readonly number[]
  /** Which choice is taken at first; the largest when absent. */
  readonly suggestedMinor?: number
  readonly online: boolean
  /** Null until the operator has said. */
  readonly method: PaymentMethod | null
}

export interface PaymentOrder {
  readonly amountMinor: number
  /** Null where it is typed on the provider's page. */
  readonly cardNumber: string | null
}

export interface PaymentFormProps {
  readonly view: PaymentView
  readonly state: PaymentState
  readonly title: string
  /** What the amounts are called; not shown where a figure says it already. */
  readonly amountLegend: string
  readonly amountLegendHidden?: boolean
  /** On the button, by the amount as people read it. */
  payLabel(amount: string): string
  readonly offlineAction: string
  /** Above the choice, by what is chosen. */
  readonly lead?: (amountMinor: number | undefined) => ReactNode
  /** Below everything. */
  readonly promise?: ReactNode
  onPay(order: PaymentOrder): void
  onBack(): void
}

export function PaymentForm(props: PaymentFormProps) {
  const { view, state } = props
  const t = useTranslations('driver.topUp')
  const format = useFormat()
  const [chosenMinor, setChosenMinor] = useState<number | null>(null)
  const [cardNumber, setCardNumber] = useState(testCardNumber)
  if (state.kind === 'on-its-way') return <PaymentOnItsWay onBack={props.onBack} />

  const paying = state.kind === 'paying'
  const isTyped = view.method === 'card-number'
  const amountMinor = chosenMinor ?? view.suggestedMinor ?? view.choicesMinor.at(-1)
  const cannotPay =
    !view.online || view.method === null || amountMinor === undefined || (isTyped && cardNumber.trim() === '')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (amountMinor !== undefined) props.onPay({ amountMinor, cardNumber: isTyped ? cardNumber : null })
      }}
    >
      <Screen
        title={props.title}
        onBack={props.onBack}
        foot={
          <>
            {paying ? <Spinner awaited={t('waiting')} usual={t('usual')} /> : null}
            <Button kind="primary" type="submit" wide busy={paying} disabled={cannotPay}>
              {amountMinor === undefined
                ? props.title
                : props.payLabel(format.moneyShort(amountMinor, view.currency))}
            </Button>
          </>
        }
      >
        {props.lead?.(amountMinor)}
        {amountMinor === undefined ? null : (
          <Choice
            legend={props.amountLegend}
            legendHidden={props.amountLegendHidden ?? false}
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
          <Notice tone="offline" title={t('offlineTitle')} action={props.offlineAction} />
        )}
        {state.kind === 'failed' ? <RefusalNotice refusal={state.refusal} /> : null}
        {state.kind === 'cancelled' ? (
          <Notice tone="plain" title={t('cancelledTitle')} action={t('cancelledAction')} />
        ) : null}
        {props.promise}
      </Screen>
    </form>
  )
}

/** Adds credit to the fleet by card: by a test number typed here, or on the card provider's page. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Choice } from '@/components/ui/choice'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Spinner } from '@/components/ui/spinner'
import { minorUnitExponent } from '@/lib/core/currency'
import { useFormat } from '@/lib/format/use-format'
import type { PaymentMethod } from './fleet-view'
import type { Progress } from './progress'
import { RefusalNotice } from './refusal-notice'

export interface TopUpDialogProps {
  readonly currency: string
  readonly progress: Progress
  /** Null until the operator has said. */
  readonly method: PaymentMethod | null
  onTopUp(order: { readonly amountMinor: number; readonly cardNumber: string | null }): void
  onClose(): void
}

/** Whole currency units. */
const choices = [100, 250, 500, 1_000] as const

export function TopUpDialog({ currency, progress, method, onTopUp, onClose }: TopUpDialogProps) {
  const t = useTranslations('console.topUp')
  const common = useTranslations('common')
  const format = useFormat()
  const scale = 10 ** (minorUnitExponent(currency) ?? 2)
  const [amountMinor, setAmountMinor] = useState(choices[1] * scale)
  const [cardNumber, setCardNumber] = useState('4242 4242 4242 4242')
  const waiting = progress.kind === 'waiting'
  const isTyped = method === 'card-number'
  return (
    <Dialog open form="dialog" title={t('title')} closeLabel={common('close')} onClose={onClose}>
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          onTopUp({ amountMinor, cardNumber: isTyped ? cardNumber : null })
        }}
      >
        <Choice
          legend={t('amount')}
          layout="grid"
          disabled={waiting}
          value={amountMinor}
          onChange={(choice: number) => setAmountMinor(choice)}
          options={choices.map((choice) => ({
            value: choice * scale,
            label: format.moneyShort(choice * scale, currency),
          }))}
        />
        {isTyped ? (
          <Field
            label={t('card')}
            inputMode="numeric"
            autoComplete="cc-number"
            value={cardNumber}
            disabled={waiting}
            hint={t('sandbox')}
            onChange={(event) => setCardNumber(event.target.value)}
          />
        ) : null}
        {method === 'redirect' ? <p className="text-mute">{t('leaving')}</p> : null}
        {progress.kind === 'failed' ? <RefusalNotice refusal={progress.refusal} /> : null}
        <Button
          kind="primary"
          type="submit"
          wide
          busy={waiting}
          disabled={method === null || (isTyped && cardNumber.trim() === '')}
        >
          {t('pay', { amount: format.moneyShort(amountMinor, currency) })}
        </Button>
      </form>
    </Dialog>
  )
}

/** Back from the provider's page. */
export function PaidElsewhereDialog({ progress, onClose }: { readonly progress: Progress; onClose(): void }) {
  const t = useTranslations('console.topUp')
  const common = useTranslations('common')
  return (
    <Dialog open form="dialog" title={t('onItsWay')} closeLabel={common('close')} onClose={onClose}>
      {progress.kind === 'failed' ? (
        <RefusalNotice refusal={progress.refusal} />
      ) : (
        <Spinner awaited={t('awaited')} usual={t('onItsWayAction')} />
      )}
    </Dialog>
  )
}

/** Adds credit to the fleet by card. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Choice } from '@/components/ui/choice'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { minorUnitExponent } from '@/lib/core/currency'
import { useFormat } from '@/lib/format/use-format'
import type { Progress } from './fleet-view'
import { RefusalNotice } from './refusal-notice'

export interface TopUpDialogProps {
  readonly currency: string
  readonly progress: Progress
  /** The built-in test provider: no real card is charged, and the dialog says so. */
  readonly sandbox: boolean
  onTopUp(order: { readonly amountMinor: number; readonly cardNumber: string }): void
  onClose(): void
}

/** Whole currency units. */
const choices = [100, 250, 500, 1_000] as const

export function TopUpDialog({ currency, progress, sandbox, onTopUp, onClose }: TopUpDialogProps) {
  const t = useTranslations('console.topUp')
  const common = useTranslations('common')
  const format = useFormat()
  const scale = 10 ** (minorUnitExponent(currency) ?? 2)
  const [amountMinor, setAmountMinor] = useState(choices[1] * scale)
  const [cardNumber, setCardNumber] = useState(sandbox ? '4242 4242 4242 4242' : '')
  const waiting = progress.kind === 'waiting'
  return (
    <Dialog open form="dialog" title={t('title')} closeLabel={common('close')} onClose={onClose}>
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          onTopUp({ amountMinor, cardNumber })
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
        <Field
          label={t('card')}
          inputMode="numeric"
          autoComplete="cc-number"
          value={cardNumber}
          disabled={waiting}
          hint={t(sandbox ? 'sandbox' : 'cardHint')}
          onChange={(event) => setCardNumber(event.target.value)}
        />
        {progress.kind === 'failed' ? <RefusalNotice refusal={progress.refusal} /> : null}
        <Button kind="primary" type="submit" wide busy={waiting} disabled={cardNumber.trim() === ''}>
          {t('pay', { amount: format.moneyShort(amountMinor, currency) })}
        </Button>
      </form>
    </Dialog>
  )
}

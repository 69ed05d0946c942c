/** Below which free credit owners and managers are warned. */

import { useState, type FormEvent } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { minorUnitExponent } from '@/lib/core/currency'
import { useFormat } from '@/lib/format/use-format'
import type { Progress } from '../progress'
import { RefusalNotice } from '../refusal-notice'
import { readTypedAmount, typedAmount } from './typed-amount'

export interface AlertFormProps {
  readonly belowMinor: number | null
  readonly currency: string
  readonly mayChange: boolean
  readonly progress: Progress
  onAlert(belowMinor: number | null): void
}

export function AlertForm({ belowMinor, currency, mayChange, progress, onAlert }: AlertFormProps) {
  const t = useTranslations('consoleCredit.alert')
  const format = useFormat()
  const exponent = minorUnitExponent(currency) ?? 2
  const [text, setText] = useState(belowMinor === null ? '' : typedAmount(belowMinor, exponent))
  const wanted = readTypedAmount(text, exponent)
  const isChanged = wanted !== undefined && wanted !== belowMinor
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (isChanged) onAlert(wanted)
  }
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <p>{t('lead')}</p>
      <p className="font-bold">
        {belowMinor === null ? t('off') : t('on', { below: format.money(belowMinor, currency) })}
      </p>
      <Field
        label={t('amount')}
        inputMode="decimal"
        autoComplete="off"
        value={text}
        disabled={!mayChange || progress.kind === 'waiting'}
        hint={t('hint', { currency })}
        problem={wanted === undefined ? t('problem') : undefined}
        onChange={(event) => setText(event.target.value)}
      />
      {progress.kind === 'failed' ? <RefusalNotice refusal={progress.refusal} /> : null}
      <div className="flex flex-col items-start gap-1">
        <Button type="submit" busy={progress.kind === 'waiting'} disabled={!mayChange || !isChanged}>
          {t('save')}
        </Button>
        {mayChange ? null : <p className="text-note text-mute">{t('mayNot')}</p>}
      </div>
    </form>
  )
}

/** Where the card comes in: a number for the test provider, or a word about the page that one is sent to. */

import { useTranslations } from 'use-intl/react'
import { Field } from '@/components/ui/field'

/** `card-number`: typed here, with the test provider, which charges no real card. `redirect`: on the provider's page. */
export type PaymentMethod = 'card-number' | 'redirect'

/** Always works with the test provider. */
export const testCardNumber = '4242 4242 4242 4242'

export interface CardFieldProps {
  readonly method: PaymentMethod | null
  readonly value: string
  readonly disabled: boolean
  onChange(value: string): void
}

export function CardField({ method, value, disabled, onChange }: CardFieldProps) {
  const t = useTranslations('driver.topUp')
  if (method === 'redirect') return <p className="text-mute">{t('leaving')}</p>
  if (method === null) return null
  return (
    <Field
      label={t('card')}
      inputMode="numeric"
      autoComplete="cc-number"
      value={value}
      disabled={disabled}
      onChange={(event) => onChange(event.target.value)}
      hint={t('sandbox')}
    />
  )
}

/** Whom the next invoices are addressed to. Those that are made keep the address that they have. */

import { useState, type FormEvent } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Choice } from '@/components/ui/choice'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { localeNames, locales, type Locale } from '@/lib/format/locale'
import type { Progress } from '../progress'
import { RefusalNotice } from '../refusal-notice'
import type { BillingAddress } from './invoice-view'

export interface BillingAddressDialogProps {
  readonly address: BillingAddress | null
  readonly progress: Progress
  onAddress(address: BillingAddress): void
  onClose(): void
}

/** In the order of a letter, with how much the operator takes and what browsers may fill in. */
const fields = [
  ['name', 120, 'organization'],
  ['street', 120, 'street-address'],
  ['postalCode', 16, 'postal-code'],
  ['city', 80, 'address-level2'],
  ['country', 60, 'country-name'],
  ['vatId', 20, 'off'],
  ['orderReference', 60, 'off'],
] as const
type FieldName = (typeof fields)[number][0]
const optional: readonly FieldName[] = ['postalCode', 'vatId', 'orderReference']
/** As the operator reads it; see lib/cloud/operations/invoices.ts. */
const vatIdPattern = /^[A-Z0-9][A-Z0-9 .+*-]{3,19}$/i

type Draft = Readonly<Record<FieldName, string>>

const draftOf = (address: BillingAddress | null): Draft => ({
  name: address?.name ?? '',
  street: address?.street ?? '',
  postalCode: address?.postalCode ?? '',
  city: address?.city ?? '',
  country: address?.country ?? '',
  vatId: address?.vatId ?? '',
  orderReference: address?.orderReference ?? '',
})

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())

export function BillingAddressDialog({ address, progress, onAddress, onClose }: BillingAddressDialogProps) {
  const t = useTranslations('consoleCredit.invoices.address')
  const common = useTranslations('common')
  const [draft, setDraft] = useState(draftOf(address))
  const [locale, setLocale] = useState<Locale>(address?.locale ?? 'en')
  const isVatIdRight = draft.vatId.trim() === '' || vatIdPattern.test(draft.vatId.trim())
  const missing = fields
    .map(([name]) => name)
    .filter((name) => !optional.includes(name) && draft[name].trim() === '')
  const isWhole = missing.length === 0 && isVatIdRight
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (isWhole)
      onAddress({
        ...{ name: draft.name, street: draft.street, postalCode: draft.postalCode, city: draft.city },
        ...{
          country: draft.country,
          vatId: orNull(draft.vatId),
          orderReference: orNull(draft.orderReference),
        },
        locale,
      })
  }
  return (
    <Dialog open form="dialog" title={t('dialogTitle')} closeLabel={common('close')} onClose={onClose}>
      <form className="flex flex-col gap-5" onSubmit={submit}>
        <p>{t('lead')}</p>
        <div className="grid gap-5 sm:grid-cols-2">
          {fields.map(([name, most, autoComplete]) => (
            <Field
              key={name}
              className={name === 'name' || name === 'street' ? 'sm:col-span-2' : undefined}
              label={
                optional.includes(name) ? t('optional', { field: t(`field.${name}`) }) : t(`field.${name}`)
              }
              maxLength={most}
              autoComplete={autoComplete}
              value={draft[name]}
              problem={name === 'vatId' && !isVatIdRight ? t('vatIdProblem') : undefined}
              onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}
            />
          ))}
        </div>
        <Choice<Locale>
          legend={t('languageOf')}
          options={locales.map((value) => ({ value, label: localeNames[value], lang: value }))}
          value={locale}
          onChange={setLocale}
        />
        {progress.kind === 'failed' ? <RefusalNotice refusal={progress.refusal} /> : null}
        <div className="flex flex-col items-end gap-1">
          <div className="flex flex-wrap justify-end gap-3">
            <Button onClick={onClose}>{common('cancel')}</Button>
            <Button kind="primary" type="submit" busy={progress.kind === 'waiting'} disabled={!isWhole}>
              {t('save')}
            </Button>
          </div>
          {isWhole ? null : <p className="text-note text-mute">{t('incomplete')}</p>}
        </div>
      </form>
    </Dialog>
  )
}

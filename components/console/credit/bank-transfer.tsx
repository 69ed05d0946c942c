/** Where to transfer to. Each value can be copied as the bank's form wants it: without spaces. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import type { Credit } from './credit-view'

export interface BankTransferProps {
  readonly bank: Credit['bank']
  readonly owes: boolean
}

export function BankTransfer({ bank, owes }: BankTransferProps) {
  const t = useTranslations('consoleCredit.bank')
  if (bank === null) return <p className="border-y border-line py-6 text-mute">{t('none')}</p>
  return (
    <>
      <p className="mb-3">{t('lead')}</p>
      <dl className="divide-y divide-line border-y border-line">
        <Copyable name={t('reference')} note={t('referenceNote')} value={bank.reference} strong />
        <Copyable name={t('holder')} value={bank.holder} isName />
        <Copyable name={t('iban')} value={bank.iban} />
        {bank.bic === null ? null : <Copyable name={t('bic')} value={bank.bic} isName />}
      </dl>
      <p className="mt-3 text-note text-mute">{t('when')}</p>
      {owes ? <p className="text-note text-mute">{t('owed')}</p> : null}
    </>
  )
}

interface CopyableProps {
  readonly name: string
  readonly value: string
  readonly note?: string
  readonly strong?: boolean
  /** Names and codes are shown as they are; numbers in groups of four. */
  readonly isName?: boolean
}

function Copyable({ name, value, note, strong = false, isName = false }: CopyableProps) {
  const t = useTranslations('consoleCredit.bank')
  const common = useTranslations('common')
  const [isCopied, setIsCopied] = useState(false)
  const copy = (): void => {
    void navigator.clipboard.writeText(value).then(
      () => setIsCopied(true),
      () => setIsCopied(false),
    )
  }
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2">
      <dt className="text-mute">
        {name}
        {note === undefined ? null : <span className="block text-note">{note}</span>}
      </dt>
      <dd className="ml-auto flex items-center gap-3 text-right tabular">
        <span className={strong ? 'text-lead font-bold' : ''}>
          {isName ? value : (value.match(/.{1,4}/g) ?? []).join(' ')}
        </span>
        <Button onClick={copy} {...(isCopied ? {} : { 'aria-label': t('copy', { what: name }) })}>
          {isCopied ? common('copied') : common('copy')}
        </Button>
      </dd>
    </div>
  )
}

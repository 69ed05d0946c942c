/** Withdraws a card: what that cannot stop yet, when the rest returns, and its last digits to type against slips of the hand. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { useFormat } from '@/lib/format/use-format'
import type { Progress } from '../progress'
import { RefusalNotice } from '../refusal-notice'
import type { ReaderCard } from './cards-view'

export interface WithdrawCardDialogProps {
  readonly card: ReaderCard
  readonly currency: string
  readonly progress: Progress
  onWithdraw(cardId: string): void
  onClose(): void
}

export function WithdrawCardDialog({
  card,
  currency,
  progress,
  onWithdraw,
  onClose,
}: WithdrawCardDialogProps) {
  const t = useTranslations('consoleCards.withdrawDialog')
  const common = useTranslations('common')
  const format = useFormat()
  const [typed, setTyped] = useState('')
  const waiting = progress.kind === 'waiting'
  const matches = typed.trim().toUpperCase() === card.tokenEnd.toUpperCase()
  const left = format.money(card.leftMinor, currency)
  return (
    <Dialog
      open
      form="dialog"
      title={t('title', { label: card.label })}
      closeLabel={common('close')}
      onClose={onClose}
    >
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          if (matches) onWithdraw(card.cardId)
        }}
      >
        <p>{t('lead')}</p>
        <DefinitionRows
          rows={[
            { name: t('atStake'), value: left, note: t('atStakeNote') },
            {
              name: t('where'),
              value: card.sites.map(({ label }) => label).join(', '),
              note: t('whereNote', { count: card.news?.chargers ?? 0 }),
            },
            { name: t('returns'), value: left, note: t('returnsNote') },
          ]}
        />
        <Field
          label={t('type', { end: card.tokenEnd })}
          value={typed}
          disabled={waiting}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
        {progress.kind === 'failed' ? <RefusalNotice refusal={progress.refusal} /> : null}
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button kind="destructive" type="submit" busy={waiting} disabled={!matches}>
            {t('withdraw')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** Voids a card or a whole batch: what that does, when the rest returns, and a name to type against slips of the hand. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { useFormat } from '@/lib/format/use-format'
import type { Progress } from '../progress'
import { RefusalNotice } from '../refusal-notice'
import { shortSerial, type Batch, type Card } from './printed-view'

export interface VoidCardsDialogProps {
  readonly batch: Batch
  /** Null: all of the batch that still count. */
  readonly card: Card | null
  readonly currency: string
  readonly progress: Progress
  onVoid(batchId: string, cardId: string | null, confirmation: string): void
  onClose(): void
}

/** As the server compares what was typed. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[\s-]+/g, ' ')
    .trim()
    .toLowerCase()

export function VoidCardsDialog({ batch, card, currency, progress, onVoid, onClose }: VoidCardsDialogProps) {
  const t = useTranslations('consolePrinted.voidDialog')
  const common = useTranslations('common')
  const format = useFormat()
  const [typed, setTyped] = useState('')
  const waiting = progress.kind === 'waiting'
  const wanted = card === null ? batch.name : shortSerial(card.cardId)
  const matches = plain(typed) === plain(wanted)
  const left = format.money(card === null ? batch.leftMinor : card.leftMinor, currency)
  return (
    <Dialog
      open
      form="dialog"
      title={card === null ? t('titleAll', { name: batch.name }) : t('titleOne', { serial: wanted })}
      closeLabel={common('close')}
      onClose={onClose}
    >
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          if (matches) onVoid(batch.batchId, card?.cardId ?? null, typed)
        }}
      >
        <p>{card === null ? t('all', { count: batch.liveCount }) : t('one')}</p>
        <DefinitionRows rows={[{ name: t('returns'), value: left, note: t('returnsNote') }]} />
        <Field
          label={card === null ? t('typeAll', { name: wanted }) : t('typeOne', { serial: wanted })}
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
            {t('void')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** The driver's own word about a finished session: one of a few reasons, and words of one's own where they help. */

import { useId, useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Choice } from '@/components/ui/choice'
import { limits } from '@/lib/core/limits'
import { SectionHead } from './screen'

const disputeReasons = [
  'amount',
  'no-energy',
  'stopped-early',
  'double-charge',
  'not-charged',
  'other',
] as const
export type DisputeReason = (typeof disputeReasons)[number]

export interface DisputeWords {
  readonly reason: DisputeReason
  readonly note: string
}

export interface ReceiptDisputeProps {
  /** The question is open. */
  readonly asking: boolean
  onAsk(asking: boolean): void
  onDispute(words: DisputeWords): void
}

export function ReceiptDispute({ asking, onAsk, onDispute }: ReceiptDisputeProps) {
  const t = useTranslations('driver.dispute')
  if (asking) return <Question onAsk={onAsk} onDispute={onDispute} />
  return (
    <div className="no-print">
      <Button kind="secondary" wide onClick={() => onAsk(true)}>
        {t('open')}
      </Button>
    </div>
  )
}

function Question({ onAsk, onDispute }: Pick<ReceiptDisputeProps, 'onAsk' | 'onDispute'>) {
  const t = useTranslations('driver.dispute')
  const common = useTranslations('common')
  const [reason, setReason] = useState<DisputeReason>('amount')
  const [note, setNote] = useState('')
  return (
    <section className="arrive no-print flex flex-col gap-3">
      <SectionHead>{t('title')}</SectionHead>
      <Choice<DisputeReason>
        legend={t('title')}
        legendHidden
        layout="column"
        value={reason}
        onChange={setReason}
        options={disputeReasons.map((value) => ({ value, label: t(`reason.${value}`) }))}
      />
      <OwnWords note={note} onNote={setNote} />
      <p className="text-note text-mute">
        {t('attached')} {t('note')} {t('sentOffline')}
      </p>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))] gap-2">
        <Button kind="secondary" className="px-2!" onClick={() => onAsk(false)}>
          {common('cancel')}
        </Button>
        <Button kind="primary" className="px-2! text-body!" onClick={() => onDispute({ reason, note })}>
          {t('send')}
        </Button>
      </div>
    </section>
  )
}

function OwnWords({ note, onNote }: { readonly note: string; onNote(note: string): void }) {
  const t = useTranslations('driver.dispute')
  const id = useId()
  return (
    <div className="flex flex-col gap-2">
      <label htmlFor={id} className="font-bold">
        {t('words')}
      </label>
      <textarea
        id={id}
        rows={3}
        maxLength={limits.complaintNoteCharsMax}
        value={note}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onNote(event.target.value)}
        className="w-full rounded-card border border-edge bg-card px-4 py-3"
      />
      <p id={`${id}-hint`} className="text-note text-mute">
        {t('wordsHint', { count: limits.complaintNoteCharsMax })}
      </p>
    </div>
  )
}

/** The driver's own word about a finished session: one of a few reasons, said once, and what became of it. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Choice } from '@/components/ui/choice'
import { Notice } from '@/components/ui/notice'
import type { ReceiptState } from './receipt-summary'
import { SectionHead } from './screen'

export const disputeReasons = ['amount', 'not-charged', 'stopped-early', 'other'] as const
export type DisputeReason = (typeof disputeReasons)[number]

export interface ReceiptDisputeProps {
  /** What was said, or null while nothing was. */
  readonly said: DisputeReason | null
  readonly state: ReceiptState
  /** Whether the operator has heard it. */
  readonly isReported: boolean
  /** The question is open. */
  readonly asking: boolean
  onAsk(asking: boolean): void
  onDispute(reason: DisputeReason): void
}

export function ReceiptDispute({ said, state, isReported, asking, onAsk, onDispute }: ReceiptDisputeProps) {
  const t = useTranslations('driver.dispute')
  if (said !== null) {
    const settled = isReported && state === 'settled'
    return (
      <Notice
        tone={settled ? 'good' : 'plain'}
        title={t('saidTitle', { reason: t(`reason.${said}`) })}
        action={t(settled ? 'saidSettled' : isReported ? 'saidCase' : 'saidWaiting')}
      />
    )
  }
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
      <p className="text-note text-mute">{t('note')}</p>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))] gap-2">
        <Button kind="secondary" className="px-2!" onClick={() => onAsk(false)}>
          {common('cancel')}
        </Button>
        <Button kind="secondary" className="px-2!" onClick={() => onDispute(reason)}>
          {t('send')}
        </Button>
      </div>
    </section>
  )
}

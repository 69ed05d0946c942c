/** What happened to the money of one receipt: a line down the page, each step with its date, and what comes next. */

import { useTranslations } from 'use-intl/react'
import { useFormat } from '@/lib/format/use-format'
import type { ReceiptView, StoryLine } from './receipt-view'
import { SectionHead } from './screen'

export function ReceiptStory({ view }: { readonly view: ReceiptView }) {
  const t = useTranslations('driver.receipt')
  const format = useFormat()
  const words = useStoryWords(view)
  return (
    <section>
      <SectionHead>{t('story')}</SectionHead>
      <ol className="border-t border-line pt-3">
        {view.story.map((line, index) => (
          <li key={index} className="relative pb-4 pl-6 last:pb-1">
            <Dot filled last={index === view.story.length - 1 && view.next === 'none'} />
            <span className="block">{words(line)}</span>
            <span className="block text-note text-mute tabular">{format.timestamp(line.atS)}</span>
          </li>
        ))}
        {view.next === 'none' ? null : (
          <li className="relative pb-1 pl-6 text-mute">
            <Dot filled={false} last />
            {t(`event.${view.complaint !== null && view.next === 'toSee' ? 'reportWaiting' : view.next}`)}
          </li>
        )}
      </ol>
    </section>
  )
}

function Dot({ filled, last }: { readonly filled: boolean; readonly last: boolean }) {
  return (
    <span aria-hidden="true" className="absolute top-0 bottom-0 left-0 w-3">
      {last ? null : <span className="absolute top-3 -bottom-3 left-[5px] w-px bg-edge" />}
      <span
        className={`absolute top-1.5 left-0 size-[11px] rounded-full border-2 ${filled ? 'border-ink bg-ink' : 'border-edge bg-paper'}`}
      />
    </span>
  )
}

/** A line that may tell of an amount has words for when there is none, too. */
function useStoryWords({ facts, complaint }: ReceiptView): (line: StoryLine) => string {
  const t = useTranslations('driver.receipt.event')
  const dispute = useTranslations('driver.dispute')
  const format = useFormat()
  return ({ kind, amountMinor }) => {
    const amount = amountMinor === null ? '' : format.money(amountMinor, facts.currency)
    switch (kind) {
      case 'said':
        return t('said', { reason: complaint === null ? '' : dispute(`reason.${complaint.reason}`) })
      case 'settled':
        return amount === '' ? t('settledPlain') : t('settled', { amount })
      case 'case-decided':
        return amount === '' ? t('case-decidedPlain') : t('case-decided', { amount })
      case 'approved':
      case 'released':
      case 'refund':
        return t(kind, { amount })
      default:
        return t(kind)
    }
  }
}

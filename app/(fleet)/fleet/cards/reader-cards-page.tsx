'use client'

/** Wires cards for readers. What narrows the list stands in the address. */

import { useSearchParams } from 'next/navigation'
import { useTranslations } from 'use-intl/react'
import { readerCardStates, type CardFilter } from '@/components/console/cards/cards-view'
import { ReaderCardsPart } from '@/components/console/cards/reader-cards-part'
import { RefusalNotice } from '@/components/console/refusal-notice'
import { Spinner } from '@/components/ui/spinner'
import type { listCards } from '@/lib/cloud/operations/cards'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type { readCardBatchTerms } from '@/lib/cloud/operations/printed-cards'
import { useConsole } from '../../../_console/console-context'
import { useAnswer } from '../../../_console/use-answer'
import { useNowS } from '../../../_console/use-now'
import { useReaderActs } from './use-reader-acts'

export function ReaderCardsPage() {
  const t = useTranslations('consoleCards')
  const { currency, may } = useConsole()
  const query = useSearchParams()
  const asked = useAnswer<AnswerOf<typeof listCards>>('/fleet/cards')
  const terms = useAnswer<AnswerOf<typeof readCardBatchTerms>>('/fleet/card-batches/terms', 30_000)
  const nowS = useNowS()
  const { dialog, acts } = useReaderActs({
    refresh: async () => {
      await Promise.all([asked.refresh(), terms.refresh()])
    },
  })
  const { answer } = asked
  if (answer.kind === 'loading') return <Spinner awaited={t('loading')} usual={t('loadingUsual')} />
  if (answer.kind === 'failed') return <RefusalNotice refusal={answer.refusal} />
  const state = readerCardStates.find((one) => one === query.get('state')) ?? 'all'
  return (
    <ReaderCardsPart
      view={{
        cards: answer.value.cards,
        filter: { state, search: query.get('search')?.slice(0, 60) ?? '' },
        terms: terms.answer.kind === 'there' ? terms.answer.value : null,
        ...{ currency, dialog },
        may: { issue: may('card.issue'), revoke: may('card.revoke') },
        asOfS: answer.asOfS,
        nowS: Math.max(nowS, answer.asOfS),
        isStale: answer.isStale,
      }}
      acts={{ ...acts, onFilter: (filter) => window.history.replaceState(null, '', addressOf(filter)) }}
    />
  )
}

function addressOf({ state, search }: CardFilter): string {
  const query = new URLSearchParams()
  if (state !== 'all') query.set('state', state)
  if (search !== '') query.set('search', search)
  return query.size === 0 ? '/fleet/cards' : `/fleet/cards?${query}`
}

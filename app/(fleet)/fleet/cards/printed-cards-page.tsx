'use client'

/** Wires printed cards: all batches with the void list, or one batch where the address names it. */

import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { PrintedBatchPart } from '@/components/console/printed/printed-batch-part'
import { PrintedCardsPart } from '@/components/console/printed/printed-cards-part'
import { cardStates } from '@/components/console/printed/printed-view'
import { RefusalNotice } from '@/components/console/refusal-notice'
import { Spinner } from '@/components/ui/spinner'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type {
  listCardBatches,
  listVoidCards,
  readCardBatch,
  readCardBatchTerms,
} from '@/lib/cloud/operations/printed-cards'
import { useConsole } from '../../../_console/console-context'
import { useAnswer } from '../../../_console/use-answer'
import { useNowS } from '../../../_console/use-now'
import { usePrintedActs } from './use-printed-acts'

const here = '/fleet/cards?kind=printed'

export function PrintedCardsPage() {
  const query = useSearchParams()
  const batchId = query.get('batch')
  return batchId === null || !/^[0-9a-f]{32}$/.test(batchId) ? (
    <BatchesPage />
  ) : (
    <BatchPage key={batchId} batchId={batchId} state={query.get('state')} />
  )
}

const pageSize = 20
const pageMost = 50

function BatchesPage() {
  const t = useTranslations('consolePrinted')
  const { currency, may } = useConsole()
  const [count, setCount] = useState(pageSize)
  const asked = useAnswer<AnswerOf<typeof listCardBatches>>(`/fleet/card-batches?limit=${count}`)
  const voids = useAnswer<AnswerOf<typeof listVoidCards>>('/fleet/void-cards?limit=50')
  const terms = useAnswer<AnswerOf<typeof readCardBatchTerms>>('/fleet/card-batches/terms', 30_000)
  const nowS = useNowS()
  const { dialog, acts, saving } = usePrintedActs({
    refresh: async () => {
      await Promise.all([asked.refresh(), voids.refresh(), terms.refresh()])
    },
  })
  const { answer } = asked
  if (answer.kind === 'loading') return <Spinner awaited={t('loading')} usual={t('loadingUsual')} />
  if (answer.kind === 'failed') return <RefusalNotice refusal={answer.refusal} />
  return (
    <PrintedCardsPart
      view={{
        batches: answer.value.batches,
        hasMore: answer.value.next !== null && count < pageMost,
        voids: voids.answer.kind === 'there' ? voids.answer.value : null,
        terms: terms.answer.kind === 'there' ? terms.answer.value : null,
        ...{ currency, dialog, saving },
        may: { issue: may('card.issue'), revoke: may('card.revoke') },
        asOfS: answer.asOfS,
        nowS: Math.max(nowS, answer.asOfS),
        isStale: answer.isStale,
      }}
      acts={{
        ...acts,
        onOpen: (batchId) => window.history.pushState(null, '', `${here}&batch=${batchId}`),
        onMore: () => setCount(pageMost),
      }}
    />
  )
}

function BatchPage({ batchId, state }: { readonly batchId: string; readonly state: string | null }) {
  const t = useTranslations('consolePrinted')
  const { currency, may } = useConsole()
  const { answer, refresh } = useAnswer<AnswerOf<typeof readCardBatch>>(`/fleet/card-batches/${batchId}`)
  const nowS = useNowS()
  const { dialog, acts, printing } = usePrintedActs({ refresh })
  if (answer.kind === 'loading') return <Spinner awaited={t('loading')} usual={t('loadingUsual')} />
  if (answer.kind === 'failed') return <RefusalNotice refusal={answer.refusal} />
  const { batch } = answer.value
  return (
    <PrintedBatchPart
      view={{
        whole: answer.value,
        state: cardStates.find((one) => one === state) ?? 'all',
        ...{ currency, dialog, printing },
        may: { issue: may('card.issue'), revoke: may('card.revoke') },
        asOfS: answer.asOfS,
        nowS: Math.max(nowS, answer.asOfS),
        isStale: answer.isStale,
      }}
      acts={{
        ...acts,
        onBack: () => window.history.pushState(null, '', here),
        onState: (chosen) =>
          window.history.replaceState(
            null,
            '',
            chosen === 'all' ? `${here}&batch=${batchId}` : `${here}&batch=${batchId}&state=${chosen}`,
          ),
        onPrint: () => acts.onPrint(batch),
        onOpenVoid: (card) => acts.onOpenVoid(batch, card),
      }}
    />
  )
}

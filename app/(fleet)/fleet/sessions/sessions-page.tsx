'use client'

/** Wires the list of sessions to its requests; what narrows it stands in the address. */

import { useRouter, useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { RefusalNotice } from '@/components/console/refusal-notice'
import { SessionsScreen } from '@/components/console/sessions/sessions-screen'
import { sessionAddress, type Session, type SessionFilter } from '@/components/console/sessions/sessions-view'
import { Spinner } from '@/components/ui/spinner'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type { listSessions, totalSessions } from '@/lib/cloud/operations/sessions'
import type { readTokenTerms } from '@/lib/cloud/operations/tokens'
import { saveFile } from '../../../(driver)/_wallet/save-file'
import { ask, askFile } from '../../../_console/ask'
import { useConsole } from '../../../_console/console-context'
import { useAct } from '../../../_console/use-act'
import { useAnswer } from '../../../_console/use-answer'
import { useNowS } from '../../../_console/use-now'
import { addressOf, askedOf, filterOf } from './session-query'

type Page = AnswerOf<typeof listSessions>

export function SessionsPage() {
  const filter = filterOf(useSearchParams())
  // Another choice begins with nothing of the one before it.
  return <FilteredSessions key={addressOf(filter)} filter={filter} />
}

function FilteredSessions({ filter }: { readonly filter: SessionFilter }) {
  const t = useTranslations('consoleSessions')
  const { currency, locale, may } = useConsole()
  const router = useRouter()
  const asked = askedOf(filter)
  const query = new URLSearchParams(asked).toString()
  const { answer } = useAnswer<Page>(`/fleet/sessions?${query}`)
  const totals = useAnswer<AnswerOf<typeof totalSessions>>(`/fleet/sessions/totals?${query}`, 60_000)
  const terms = useAnswer<AnswerOf<typeof readTokenTerms>>('/fleet/token-terms', 60_000)
  const more = useMore(query)
  const exporting = useAct<void, Blob>(() => askFile('/fleet/sessions/export', { ...asked, locale }))
  const nowS = useNowS()
  if (answer.kind === 'loading') return <Spinner awaited={t('loading')} usual={t('loadingUsual')} />
  if (answer.kind === 'failed') return <RefusalNotice refusal={answer.refusal} />
  const next = more.pages.at(-1)?.next ?? (more.pages.length === 0 ? answer.value.next : null)
  return (
    <SessionsScreen
      view={{
        sessions: joined([answer.value, ...more.pages]),
        hasMore: next !== null,
        isLoadingMore: more.isLoading,
        totals: totals.answer.kind === 'there' ? totals.answer.value : null,
        filter,
        sites: terms.answer.kind === 'there' ? terms.answer.value.sites : [],
        mayExport: may('session.export'),
        exporting: exporting.progress,
        asOfS: answer.asOfS,
        nowS: Math.max(nowS, answer.asOfS),
        isStale: answer.isStale,
        currency,
      }}
      acts={{
        onFilter: (changed) => window.history.replaceState(null, '', addressOf(changed)),
        onMore: () => void more.load(next),
        onExport: () =>
          void exporting.run().then((file) => {
            if (file !== undefined) saveFile('outpost-sessions.csv', file, 'text/csv;charset=utf-8')
          }),
        onOpen: (sessionId) => router.push(sessionAddress(sessionId)),
      }}
    />
  )
}

/** A session that moved from the first page to the second while somebody reads is told once, as it is now. */
const joined = (pages: readonly Page[]): readonly Session[] => [
  ...new Map(
    pages.flatMap(({ sessions }) => sessions.map((session) => [session.sessionId, session] as const)),
  ).values(),
]

function useMore(query: string) {
  const { onRefusal } = useConsole()
  const [pages, setPages] = useState<readonly Page[]>([])
  const [isLoading, setIsLoading] = useState(false)
  const load = async (after: string | null): Promise<void> => {
    if (after === null || isLoading) return
    setIsLoading(true)
    const page = await ask<Page>(`/fleet/sessions?${query}&after=${encodeURIComponent(after)}`)
    setIsLoading(false)
    if (page.ok) setPages((before) => [...before, page.value])
    else onRefusal(page.error)
  }
  return { pages, isLoading, load }
}

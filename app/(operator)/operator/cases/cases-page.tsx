'use client'

/** Wires the list of cases, with its state in the address. */

import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { CasesScreen } from '@/components/console/operator/cases/cases-screen'
import { caseFilters, type CaseList } from '@/components/console/operator/cases/cases-view'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type { listOperatorCases } from '@/lib/cloud/operations/operator-cases'
import type { Answer } from '../../../_console/answer-store'
import { useConsole } from '../../../_console/console-context'
import { useNowS } from '../../../_console/use-now'
import { usePages } from '../../../_console/use-pages'

type Cases = AnswerOf<typeof listOperatorCases>

export function CasesPage() {
  const { currency } = useConsole()
  const nowS = useNowS()
  const query = useSearchParams()
  const filter = caseFilters.find((one) => one === query.get('state')) ?? ''
  const [pages, setPages] = useState(1)
  const { answer } = usePages<Cases>(`/operator/cases?${filter === '' ? '' : `state=${filter}`}`, pages)
  const list = listOf(answer)
  return (
    <CasesScreen
      view={{
        ...{ list, filter, currency },
        nowS: list.kind === 'there' ? Math.max(nowS, list.asOfS) : nowS,
      }}
      acts={{
        onFilter: (next) => {
          setPages(1)
          const address = next === '' ? '/operator/cases' : `/operator/cases?state=${next}`
          window.history.replaceState(null, '', address)
        },
        onMore: () => setPages(pages + 1),
      }}
    />
  )
}

function listOf(answer: Answer<readonly Cases[]>): CaseList {
  if (answer.kind !== 'there') return answer
  const [first] = answer.value
  if (first === undefined) return { kind: 'loading' }
  const { asOfS, isStale, value } = answer
  return {
    ...{ kind: 'there', undecided: first.undecided, hasMore: value.at(-1)?.next !== null, asOfS, isStale },
    cases: value.flatMap(({ cases }) => cases),
  }
}

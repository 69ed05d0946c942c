'use client'

/** The log as far back as somebody has asked: page by page, each from where the one before ended. */

import { useMemo, useSyncExternalStore } from 'react'
import type { AuditLine, AuditTopic, Shown } from '@/components/console/people/people-view'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type { readAudit } from '@/lib/cloud/operations/organisation'
import type { Refusal } from '@/lib/core/reason'
import { ok, type Result } from '@/lib/core/result'
import { createAnswerStore, unaskedAnswer, type Answer } from '../answer-store'
import { ask } from '../ask'
import { useConsole } from '../console-context'
import { nowS } from '../use-now'

interface Log {
  readonly lines: readonly AuditLine[]
  readonly hasMore: boolean
}

export interface ActLog {
  /** Null where the role does not show it. */
  readonly shown: Shown<Log> | null
  refresh(): Promise<void>
}

const everyMs = 60_000
const loading: Answer<Log> = { kind: 'loading' }

export function useActLog(mayRead: boolean, topic: AuditTopic, pages: number): ActLog {
  const { onRefusal } = useConsole()
  const store = useMemo(
    () =>
      mayRead
        ? createAnswerStore(() => readPages(topic, pages), everyMs, { nowS, onRefusal })
        : unaskedAnswer<Log>(),
    [mayRead, topic, pages, onRefusal],
  )
  const answer = useSyncExternalStore<Answer<Log>>(store.subscribe, store.snapshot, () => loading)
  return { shown: mayRead ? answer : null, refresh: store.refresh }
}

async function readPages(topic: AuditTopic, pages: number): Promise<Result<Log, Refusal>> {
  const lines: AuditLine[] = []
  let before: string | null = null
  for (let page = 0; page < pages; page += 1) {
    const query = new URLSearchParams()
    if (topic !== '') query.set('topic', topic)
    if (before !== null) query.set('before', before)
    const answer: Result<AnswerOf<typeof readAudit>, Refusal> = await ask(`/organisation/audit?${query}`)
    if (!answer.ok) return answer
    lines.push(...answer.value.lines)
    before = answer.value.next
    if (before === null) break
  }
  return ok({ lines, hasMore: before !== null })
}

'use client'

/** One request of a page, kept fresh for as long as the page is looked at. */

import { useMemo, useSyncExternalStore } from 'react'
import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import { createAnswerStore, unaskedAnswer, type Answer } from './answer-store'
import { ask } from './ask'
import { useConsole } from './console-context'
import { nowS } from './use-now'

const loading: Answer<never> = { kind: 'loading' }

export interface Asked<T> {
  readonly answer: Answer<T>
  /** After an act whose result the page shows. */
  refresh(): Promise<void>
}

/** `path` is below `/api/v1` and holds the whole question: another path asks anew, null asks nothing. */
export function useAnswer<T>(path: string | null, everyMs = 15_000): Asked<T> {
  // Another organisation begins with other pages (console-shell.tsx), so the path is the whole question.
  const { onRefusal } = useConsole()
  const store = useMemo(
    () =>
      path === null
        ? unaskedAnswer<T>()
        : createAnswerStore((): Promise<Result<T, Refusal>> => ask<T>(path), everyMs, { nowS, onRefusal }),
    [path, everyMs, onRefusal],
  )
  const answer = useSyncExternalStore<Answer<T>>(store.subscribe, store.snapshot, () => loading)
  return { answer, refresh: store.refresh }
}

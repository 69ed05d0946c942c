'use client'

/** A list as far as somebody has asked: page by page, each from where the one before ended, all kept fresh together. */

import { useMemo, useSyncExternalStore } from 'react'
import type { Refusal } from '@/lib/core/reason'
import { ok, type Result } from '@/lib/core/result'
import { createAnswerStore, type Answer } from './answer-store'
import { ask } from './ask'
import { useConsole } from './console-context'
import { nowS } from './use-now'

interface Page {
  readonly next: string | null
}

export interface AskedPages<T> {
  readonly answer: Answer<readonly T[]>
  refresh(): Promise<void>
}

const everyMs = 30_000
/** Whoever looks for something beyond that narrows the list. */
const pagesMax = 20
const loading: Answer<never> = { kind: 'loading' }

/** `path` is below `/api/v1` and has a question mark in it. The pages are given as they came, the first one first. */
export function usePages<T extends Page>(path: string, pages: number): AskedPages<T> {
  const { onRefusal } = useConsole()
  const store = useMemo(
    () =>
      createAnswerStore(() => readPages<T>(path, Math.min(pages, pagesMax)), everyMs, { nowS, onRefusal }),
    [path, pages, onRefusal],
  )
  const answer = useSyncExternalStore<Answer<readonly T[]>>(store.subscribe, store.snapshot, () => loading)
  return { answer, refresh: store.refresh }
}

async function readPages<T extends Page>(
  path: string,
  pages: number,
): Promise<Result<readonly T[], Refusal>> {
  const read: T[] = []
  let after: string | null = null
  do {
    const asked: string = after === null ? path : `${path}&after=${encodeURIComponent(after)}`
    const answer: Result<T, Refusal> = await ask<T>(asked)
    if (!answer.ok) return answer
    read.push(answer.value)
    after = answer.value.next
  } while (after !== null && read.length < pages)
  return ok(read)
}

'use client'

/** One act of a page, from the press to its end: pressed twice, or again after an answer got lost, it is still one act. */

import { useRef, useState } from 'react'
import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import type { Progress } from '@/components/console/progress'
import { proved } from './proved'

export interface Acting<Order, Done> {
  readonly progress: Progress
  /** What came of it; undefined when it was refused or is under way already. The refusal stands in `progress`. */
  run(order: Order): Promise<Done | undefined>
  /** Before the question is asked anew. */
  reset(): void
}

export function useAct<Order, Done>(
  work: (order: Order, idempotencyKey: string) => Promise<Result<Done, Refusal>>,
): Acting<Order, Done> {
  const [progress, setProgress] = useState<Progress>({ kind: 'asking' })
  const key = useRef('')
  const isWaiting = useRef(false)

  const run = async (order: Order): Promise<Done | undefined> => {
    if (isWaiting.current) return undefined
    isWaiting.current = true
    if (key.current === '') key.current = crypto.randomUUID()
    setProgress({ kind: 'waiting' })
    const answer = await proved(() => work(order, key.current))
    isWaiting.current = false
    // What was refused for good needs a new key; what may have arrived needs the old one.
    if (answer.ok || answer.error.code !== 'api.unreachable') key.current = ''
    setProgress(answer.ok ? { kind: 'asking' } : { kind: 'failed', refusal: answer.error })
    return answer.ok ? answer.value : undefined
  }
  const reset = (): void => {
    key.current = ''
    setProgress({ kind: 'asking' })
  }
  return { progress, run, reset }
}

/** Asks again and again how a payment stands, for as long as somebody looks and it is not over. */

import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'

/** The provider's word usually comes within seconds; later nobody watches closely any more. */
const pausesMs = [0, 1_000, 1_000, 2_000, 2_000, 3_000, 5_000] as const

/** Calls `onAnswer` with every answer until it says that this was the last. Gives a way to stop. */
export function untilKnown<T>(
  ask: () => Promise<Result<T, Refusal>>,
  onAnswer: (answer: Result<T, Refusal>) => 'again' | 'over',
): () => void {
  let isStopped = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const round = async (count: number): Promise<void> => {
    const answer = await ask()
    if (isStopped || onAnswer(answer) === 'over') return
    plan(count + 1)
  }
  const plan = (count: number): void => {
    timer = setTimeout(() => void round(count), pausesMs[Math.min(count, pausesMs.length - 1)])
  }
  plan(0)
  return () => {
    isStopped = true
    clearTimeout(timer)
  }
}

/** What a page shows of one request: asked when somebody begins to look, again every few seconds, the last kept when nobody answers. */

import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'

export type Answer<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly refusal: Refusal }
  | {
      readonly kind: 'there'
      readonly value: T
      /** When it was read, by this device's clock. */
      readonly asOfS: number
      /** The operator did not answer since. */
      readonly isStale: boolean
    }

export interface AnswerStore<T> {
  subscribe(onChange: () => void): () => void
  snapshot(): Answer<T>
  refresh(): Promise<void>
}

export interface AnswerPorts {
  nowS(): number
  /** Nobody is signed in any more, or the right to look is gone. */
  onRefusal(refusal: Refusal): void
}

export function createAnswerStore<T>(
  load: () => Promise<Result<T, Refusal>>,
  everyMs: number,
  { nowS, onRefusal }: AnswerPorts,
): AnswerStore<T> {
  let answer: Answer<T> = { kind: 'loading' }
  const listeners = new Set<() => void>()
  let timer: ReturnType<typeof setInterval> | undefined
  let asked = 0

  const show = (next: Answer<T>): void => {
    answer = next
    for (const listener of listeners) listener()
  }
  const refresh = async (): Promise<void> => {
    asked += 1
    const mine = asked
    const loaded = await load()
    // A later question was asked meanwhile; its answer is the newer one.
    if (mine !== asked) return
    if (loaded.ok) return show({ kind: 'there', value: loaded.value, asOfS: nowS(), isStale: false })
    onRefusal(loaded.error)
    if (answer.kind === 'there' && loaded.error.code === 'api.unreachable')
      return show({ ...answer, isStale: true })
    show({ kind: 'failed', refusal: loaded.error })
  }
  const look = (): void => {
    if (document.visibilityState === 'visible') void refresh()
  }
  return {
    snapshot: () => answer,
    refresh,
    subscribe(onChange) {
      listeners.add(onChange)
      if (timer === undefined) {
        void refresh()
        timer = setInterval(look, everyMs)
      }
      return () => {
        listeners.delete(onChange)
        if (listeners.size > 0) return
        clearInterval(timer)
        timer = undefined
      }
    },
  }
}

/** Of somebody whose role does not let them ask. */
export const unaskedAnswer = <T>(): AnswerStore<T> => ({
  subscribe: () => () => undefined,
  snapshot: () => unasked,
  refresh: () => Promise.resolve(),
})

const unasked: Answer<never> = { kind: 'loading' }

/**
 * Answers given to transaction messages, by content. A charger that did not get an answer sends the same message
 * again, often with a new message id, so the id says nothing.
 */

import { createHash } from 'node:crypto'
import type { RawPayload } from './port'
import type { Answer } from './route'

export class RepeatMemory {
  readonly #entriesMax: number
  readonly #answers = new Map<string, Answer>()

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax
  }

  recall(action: string, payload: RawPayload): Answer | undefined {
    return this.#answers.get(contentKey(action, payload))
  }

  remember(action: string, payload: RawPayload, answer: Answer): void {
    const [oldest] = this.#answers.keys()
    if (this.#answers.size >= this.#entriesMax && oldest !== undefined) this.#answers.delete(oldest)
    this.#answers.set(contentKey(action, payload), answer)
  }
}

/** The same for any order of keys. */
function contentKey(action: string, payload: RawPayload): string {
  const text = JSON.stringify(payload, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
      : value,
  )
  return createHash('sha256').update(`${action}\n${text}`).digest('base64')
}

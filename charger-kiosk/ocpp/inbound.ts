/**
 * From one CALL of a charger to its answer: report what breaks the schema, answer repeats from memory, hand the rest
 * to its route. Called for one message at a time.
 */

import { boundedPayload } from './payload'
import type { RawPayload } from './port'
import type { RepeatMemory } from './repeat-memory'
import type { Answer, MessageContext } from './route'
import type { Dialect } from './dialect'

export type Outcome =
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** CALLERROR: the message is not one that the charger keeps. */
  | { readonly kind: 'refuse'; readonly detail: string }
  /** Nothing may be said: the message is not durable. The charger has to send it again. */
  | { readonly kind: 'drop-link' }

interface Parts {
  readonly dialect: Dialect
  readonly repeats: RepeatMemory
  /** The message is recorded and not yet acknowledged. */
  readonly onRecorded?: (payload: RawPayload, answer: Answer) => void
}

export async function answerCall(
  action: string,
  params: unknown,
  context: MessageContext,
  { dialect, repeats, onRecorded }: Parts,
): Promise<Outcome> {
  const route = dialect.routes[action]
  if (route === undefined) return { kind: 'refuse', detail: `${action} is not spoken here` }
  const payload = boundedPayload(params)
  try {
    const violation = dialect.schemas.violation(action, 'req', params)
    if (violation !== undefined) await context.report('schema-violation', violation)
    const earlier = route.retried ? repeats.recall(action, payload) : undefined
    if (earlier !== undefined) {
      await context.report('duplicate', 'The same message came again and got the same answer.')
      return { kind: 'answer', answer: earlier }
    }
    const answered = await route.handle(payload, context)
    if (!answered.ok) return { kind: 'refuse', detail: answered.error }
    onRecorded?.(payload, answered.value)
    if (route.retried) repeats.remember(action, payload, answered.value)
    return { kind: 'answer', answer: answered.value }
  } catch (error) {
    await context.report('handler-failed', error instanceof Error ? error.message : String(error))
    return { kind: 'drop-link' }
  }
}

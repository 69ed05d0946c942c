/**
 * From one CALL of a charger to its answer: report what breaks the schema, answer repeats from memory, hand the rest
 * to its route. Called for one message at a time.
 */

import { boundedPayload } from './payload'
import type { RepeatMemory } from './repeat-memory'
import type { Answer, MessageContext } from './route'
import { routes, type ChargerAction } from './routes'
import { schemaViolation } from './schemas'

export type Outcome =
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** CALLERROR: the message is not one that the charger keeps. */
  | { readonly kind: 'refuse'; readonly detail: string }
  /** Nothing may be said: the message is not durable. The charger has to send it again. */
  | { readonly kind: 'drop-link' }

export async function answerCall(
  action: ChargerAction,
  params: unknown,
  context: MessageContext,
  repeats: RepeatMemory,
): Promise<Outcome> {
  const route = routes[action]
  const payload = boundedPayload(params)
  try {
    const violation = schemaViolation(action, 'req', params)
    if (violation !== undefined) await context.report('schema-violation', violation)
    const earlier = route.retried ? repeats.recall(action, payload) : undefined
    if (earlier !== undefined) {
      await context.report('duplicate', 'The same message came again and got the same answer.')
      return { kind: 'answer', answer: earlier }
    }
    const answered = await route.handle(payload, context)
    if (!answered.ok) return { kind: 'refuse', detail: answered.error }
    if (route.retried) repeats.remember(action, payload, answered.value)
    return { kind: 'answer', answer: answered.value }
  } catch (error) {
    await context.report('handler-failed', error instanceof Error ? error.message : String(error))
    return { kind: 'drop-link' }
  }
}

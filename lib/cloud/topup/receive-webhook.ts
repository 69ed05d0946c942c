/**
 * Webhook calls of the card provider: the only door through which money comes in. Nothing is believed before the
 * provider's signature over exactly these bytes was checked.
 */

import type { Refusal } from '@/lib/core/reason'
import { ok, type Result } from '@/lib/core/result'
import type { Cloud } from '../context'
import { inTenant } from '../database/connection'
import { hashSecret } from '../secrets'
import type { Delivery } from './card-provider'
import { takeEvent, type EventOutcome } from './take-event'

export interface WebhookReceipt {
  readonly outcomes: readonly EventOutcome[]
}

/**
 * Safe to repeat and to call at once from several processes. What is signed is acknowledged, understood or not: the
 * provider would only send it again. Refuses with `payment.signature`, `payment.stale` or `api.malformed`.
 */
export async function receiveWebhook(
  cloud: Cloud,
  rawBody: string,
  signature: string | null,
): Promise<Result<WebhookReceipt, Refusal>> {
  const events = cloud.cards.readWebhook(rawBody, signature, cloud.clock.nowS())
  if (!events.ok) return events
  const bodyHash = hashSecret(rawBody)
  const outcomes: EventOutcome[] = []
  for (const event of events.value) {
    const outcome = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
      takeEvent(cloud, tx, event, bodyHash),
    )
    // Unknown ones are written down; of strangers' nothing is kept.
    if (outcome === 'foreign')
      process.stderr.write(`payments: foreign event ${event.eventId} of ${cloud.cards.name}\n`)
    outcomes.push(outcome)
  }
  return ok({ outcomes })
}

/** Events that a provider without a network of its own handed over. Throws when they are not its own. */
export async function receiveDeliveries(cloud: Cloud, deliveries: readonly Delivery[]): Promise<void> {
  for (const { rawBody, signature } of deliveries) {
    const received = await receiveWebhook(cloud, rawBody, signature)
    if (!received.ok) throw new Error(`${cloud.cards.name} refuses its own event: ${received.error.code}`)
  }
}

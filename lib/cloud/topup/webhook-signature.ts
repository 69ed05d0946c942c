/**
 * The signature of webhook calls: `t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>", hex>`. The sandbox signs and
 * checks with it; for real providers their own library checks the same shape.
 */

import { createHmac, timingSafeEqual } from 'node:crypto'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'

/** Older calls are replays or hopelessly late; a provider sends again with a fresh signature. */
export const webhookToleranceS = 300

export const signWebhook = (rawBody: string, secret: string, timeS: number): string =>
  `t=${timeS},v1=${digestOf(rawBody, secret, timeS).toString('hex')}`

export function checkWebhookSignature(
  rawBody: string,
  signature: string | null,
  secret: string,
  nowS: number,
): Result<undefined, Refusal> {
  const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(signature ?? '')
  const timeS = Number(match?.[1])
  const claimed = Buffer.from(match?.[2] ?? '', 'hex')
  const expected = digestOf(rawBody, secret, timeS)
  if (claimed.length !== expected.length || !timingSafeEqual(claimed, expected))
    return err(refusal('payment.signature'))
  if (Math.abs(nowS - timeS) > webhookToleranceS) return err(refusal('payment.stale'))
  return ok(undefined)
}

const digestOf = (rawBody: string, secret: string, timeS: number): Buffer =>
  createHmac('sha256', secret).update(`${timeS}.${rawBody}`).digest()

/**
 * A card provider without cards, for trials: test numbers decide what happens. It speaks like a real one: a call only
 * starts something, and a signed event says what came of it. It has no network, so it hands its events over with its
 * answer, and they go through the same webhook handler as everybody's. Being a pure function of its input, it is
 * idempotent by nature: asked again, it gives the same events again.
 */

import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { asObject, asText } from '../json-shape'
import { hashSecret } from '../secrets'
import type { ActDone, CardProvider, Checkout, CheckoutOrder, Delivery, ProviderAct } from './card-provider'
import type { PaymentEvent, PaymentNews } from './payment-event'
import { readPaymentNews } from './read-payment-news'
import { checkWebhookSignature, signWebhook } from './webhook-signature'

/** Numbers that card providers commonly use for tests; every other one is declined. */
const payingNumber = '4242424242424242'
/** Pays, and its holder denies the payment at once. */
const disputingNumber = '4000000000000259'

/** `secret` signs the events: whoever lacks it cannot make up a payment, not even in a sandbox. */
export function sandboxCards(secret: string): CardProvider {
  const deliver = (order: Named, nowS: number, news: PaymentNews): Delivery => {
    const event: PaymentEvent = {
      eventId: `sandbox-${short(`${order.tenant} ${order.paymentId} ${JSON.stringify(news)}`)}`,
      paymentId: order.paymentId,
      tenant: order.tenant,
      paymentReference: referenceOf(order.paymentId),
      news,
    }
    const rawBody = JSON.stringify(event)
    return { rawBody, signature: signWebhook(rawBody, secret, nowS) }
  }
  const begin = (order: CheckoutOrder, kind: 'paid' | 'preauthorised'): Result<Checkout, Refusal> => {
    const number = (order.cardNumber ?? '').replaceAll(/[\s-]/g, '')
    const isGood = number === payingNumber || number === disputingNumber
    const { amountMinor, currency } = order
    const news: PaymentNews[] = [isGood ? { kind, amountMinor, currency } : { kind: 'failed' }]
    if (number === disputingNumber) {
      news.push({ kind: 'dispute-opened', disputeId: `dispute-${short(order.paymentId)}`, amountMinor })
    }
    return ok({
      kind: 'pending',
      reference: `checkout-${short(order.paymentId)}`,
      deliveries: news.map((item) => deliver(order, order.nowS, item)),
    })
  }
  const act = (order: ProviderAct, news: PaymentNews): Promise<Result<ActDone, Refusal>> =>
    Promise.resolve(ok({ deliveries: [deliver(order, order.nowS, news)] }))
  return {
    name: 'sandbox',
    signatureHeader: 'outpost-signature',
    asksForCardNumber: true,
    startCheckout: (order) => Promise.resolve(begin(order, 'paid')),
    preauthorise: (order) => Promise.resolve(begin(order, 'preauthorised')),
    capture: (order) =>
      act(order, { kind: 'captured', amountMinor: order.amountMinor, currency: order.currency }),
    cancel: (order) => act(order, { kind: 'cancelled' }),
    refund: (order) =>
      act(order, {
        kind: 'refunded',
        refundId: `refund-${short(order.actId)}`,
        amountMinor: order.amountMinor,
        actId: order.actId,
      }),
    readWebhook: (rawBody, signature, nowS) => {
      const checked = checkWebhookSignature(rawBody, signature, secret, nowS)
      if (!checked.ok) return checked
      const event = readEvent(rawBody)
      return event === undefined ? err(refusal('api.malformed')) : ok([event])
    },
  }
}

interface Named {
  readonly tenant: string
  readonly paymentId: string
}

const short = (text: string): string => hashSecret(text).slice(0, 24)
const referenceOf = (paymentId: string): string => `payment-${short(paymentId)}`

/** Only our own events get here; still, what is not one is not taken for one. */
function readEvent(rawBody: string): PaymentEvent | undefined {
  const event = asObject(parse(rawBody))
  const news = readPaymentNews(event?.['news'])
  const eventId = asText(event?.['eventId'], 100)
  const paymentId = asText(event?.['paymentId'], 100)
  const tenant = asText(event?.['tenant'], 100)
  const paymentReference = asText(event?.['paymentReference'], 100)
  if (news === undefined || eventId === undefined || paymentId === undefined) return undefined
  if (tenant === undefined || paymentReference === undefined) return undefined
  return { eventId, paymentId, tenant, paymentReference, news }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

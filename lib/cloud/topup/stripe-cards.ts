/**
 * Cards by Stripe, over its own library: Checkout for the payer, PaymentIntents behind it. Our id travels as metadata,
 * so that every event names the payment; our act ids are Stripe's idempotency keys.
 */

import Stripe from 'stripe'
import type { CurrencyCode } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { StripeConfig } from '../config'
import type { ActDone, CardProvider, Checkout, CheckoutOrder, ProviderAct } from './card-provider'
import { fromStripeEvent } from './stripe-events'
import { stripeAmount } from './stripe-money'
import { webhookToleranceS } from './webhook-signature'

/** A person waits. The library repeats a call that got no answer, under the same key. */
const timeoutMs = 15_000
const retriesMax = 2

/** Throws when Stripe cannot take exact amounts of the currency. */
export function stripeCards(config: StripeConfig, currency: CurrencyCode): CardProvider {
  stripeAmount(0, currency)
  const api = new URL(config.apiBase)
  const stripe = new Stripe(config.secretKey, {
    host: api.hostname,
    port: api.port === '' ? (api.protocol === 'https:' ? 443 : 80) : api.port,
    protocol: api.protocol === 'https:' ? 'https' : 'http',
    timeout: timeoutMs,
    maxNetworkRetries: retriesMax,
    telemetry: false,
  })
  const isLive = config.secretKey.includes('_live_')
  return {
    name: 'stripe',
    signatureHeader: 'stripe-signature',
    asksForCardNumber: false,
    startCheckout: (order) => asked(() => openCheckout(stripe, order, 'automatic')),
    preauthorise: (order) => asked(() => openCheckout(stripe, order, 'manual')),
    capture: (act) =>
      done(() =>
        stripe.paymentIntents.capture(
          act.paymentReference,
          { amount_to_capture: stripeAmount(act.amountMinor, act.currency) },
          keyed(act),
        ),
      ),
    cancel: (act) => done(() => stripe.paymentIntents.cancel(act.paymentReference, {}, keyed(act))),
    refund: (act) =>
      done(() =>
        stripe.refunds.create(
          {
            payment_intent: act.paymentReference,
            amount: stripeAmount(act.amountMinor, act.currency),
            metadata: { ...marks(act), outpost_act: act.actId },
          },
          keyed(act),
        ),
      ),
    readWebhook(rawBody, signature, nowS) {
      let event: Stripe.Event
      try {
        event = stripe.webhooks.constructEvent(
          rawBody,
          signature ?? '',
          config.webhookSecret,
          webhookToleranceS,
          undefined,
          nowS * 1_000,
        )
      } catch (error) {
        const isStale =
          error instanceof Stripe.errors.StripeSignatureVerificationError &&
          error.message.includes('Timestamp outside')
        return err(refusal(isStale ? 'payment.stale' : 'payment.signature'))
      }
      // Test and live mode may share a secret by mistake; play money must not become credit.
      if (event.livemode !== isLive) return err(refusal('payment.signature'))
      return ok([fromStripeEvent(event)])
    },
  }
}

const marks = ({ tenant, paymentId }: Pick<ProviderAct, 'tenant' | 'paymentId'>): Record<string, string> => ({
  outpost_tenant: tenant,
  outpost_payment: paymentId,
})

const keyed = ({ tenant, actId }: Pick<ProviderAct, 'tenant' | 'actId'>): { idempotencyKey: string } => ({
  idempotencyKey: `outpost ${tenant} ${actId}`,
})

async function openCheckout(
  stripe: Stripe,
  order: CheckoutOrder,
  captureMethod: 'automatic' | 'manual',
): Promise<Checkout> {
  const session = await stripe.checkout.sessions.create(
    {
      mode: 'payment',
      // Other methods pay days later or cannot be set aside.
      allowed_payment_method_types: ['card'],
      client_reference_id: order.paymentId,
      metadata: marks(order),
      payment_intent_data: { metadata: marks(order), capture_method: captureMethod },
      line_items: [
        {
          quantity: 1,
          price_data: {
            currency: order.currency.toLowerCase(),
            unit_amount: stripeAmount(order.amountMinor, order.currency),
            product_data: { name: order.title },
          },
        },
      ],
      success_url: order.returnUrl,
      cancel_url: order.cancelUrl,
    },
    keyed({ tenant: order.tenant, actId: order.paymentId }),
  )
  if (session.url === null) throw new Error(`Checkout ${session.id} has no address`)
  return { kind: 'redirect', url: session.url, reference: session.id }
}

const done = (call: () => Promise<unknown>): Promise<Result<ActDone, Refusal>> =>
  asked(async () => {
    await call()
    // What came of it, the webhook says.
    return { deliveries: [] }
  })

/** A refusal is Stripe's no; no answer, too many calls and faults of Stripe's or of our keys reject. */
async function asked<T>(call: () => Promise<T>): Promise<Result<T, Refusal>> {
  try {
    return ok(await call())
  } catch (error) {
    if (error instanceof Stripe.errors.StripeCardError) return err(refusal('account.card-declined'))
    if (error instanceof Stripe.errors.StripeInvalidRequestError) {
      process.stderr.write(`payments: Stripe refuses: ${error.message}\n`)
      return err(refusal('payment.provider'))
    }
    throw error
  }
}

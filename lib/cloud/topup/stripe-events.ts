/**
 * Stripe's events in our own terms. Several of them may say the same; only what moves money or ends a payment counts,
 * and everything else is `unknown`: acknowledged, written down, and without effect.
 */

import type Stripe from 'stripe'
import type { PaymentEvent, PaymentNews } from './payment-event'
import { fromStripeAmount } from './stripe-money'

export function fromStripeEvent(event: Stripe.Event): PaymentEvent {
  const told = tell(event)
  return {
    eventId: event.id,
    paymentId: told?.marks?.['outpost_payment'] ?? null,
    tenant: told?.marks?.['outpost_tenant'] ?? null,
    paymentReference: told?.paymentIntent ?? null,
    news: told?.news ?? { kind: 'unknown', type: event.type },
  }
}

interface Told {
  readonly marks?: Stripe.Metadata | null
  readonly paymentIntent: string | null
  readonly news: PaymentNews
}

type Named = string | { readonly id: string } | null

const idOf = (named: Named): string | null => (typeof named === 'object' ? (named?.id ?? null) : named)

function tell(event: Stripe.Event): Told | undefined {
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.async_payment_failed':
    case 'checkout.session.expired':
      return tellOfCheckout(event.type, event.data.object)
    case 'payment_intent.succeeded':
    case 'payment_intent.amount_capturable_updated':
    case 'payment_intent.canceled':
      return tellOfIntent(event.type, event.data.object)
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
      return tellOfRefund(event.data.object)
    case 'charge.dispute.created':
    case 'charge.dispute.funds_withdrawn':
    case 'charge.dispute.funds_reinstated':
    case 'charge.dispute.closed':
      return tellOfDispute(event.type, event.data.object)
    default:
      return undefined
  }
}

function tellOfCheckout(type: string, session: Stripe.Checkout.Session): Told | undefined {
  const told = (news: PaymentNews): Told => ({
    marks: session.metadata,
    paymentIntent: idOf(session.payment_intent),
    news,
  })
  if (type === 'checkout.session.expired') return told({ kind: 'cancelled' })
  if (type === 'checkout.session.async_payment_failed') return told({ kind: 'failed' })
  // Of an amount that is only set aside, the payment intent tells.
  if (session.payment_status !== 'paid' || session.amount_total === null) return undefined
  return told({ kind: 'paid', ...money(session.amount_total, session.currency ?? '') })
}

function tellOfIntent(type: string, intent: Stripe.PaymentIntent): Told | undefined {
  const told = (news: PaymentNews): Told => ({ marks: intent.metadata, paymentIntent: intent.id, news })
  if (type === 'payment_intent.canceled') return told({ kind: 'cancelled' })
  if (type === 'payment_intent.succeeded') {
    const kind = intent.capture_method === 'manual' ? 'captured' : 'paid'
    return told({ kind, ...money(intent.amount_received, intent.currency) })
  }
  if (intent.status !== 'requires_capture') return undefined
  return told({ kind: 'preauthorised', ...money(intent.amount_capturable, intent.currency) })
}

function tellOfRefund(refund: Stripe.Refund): Told {
  const hasFailed = refund.status === 'failed' || refund.status === 'canceled'
  return {
    marks: refund.metadata,
    paymentIntent: idOf(refund.payment_intent),
    news: {
      kind: hasFailed ? 'refund-failed' : 'refunded',
      refundId: refund.id,
      amountMinor: money(refund.amount, refund.currency).amountMinor,
      actId: refund.metadata?.['outpost_act'] ?? null,
    },
  }
}

function tellOfDispute(type: string, dispute: Stripe.Dispute): Told | undefined {
  // An inquiry asks questions and takes no money.
  if (dispute.status.startsWith('warning_')) return undefined
  const isWon = dispute.status === 'won' || type === 'charge.dispute.funds_reinstated'
  const isLost = dispute.status === 'lost'
  return {
    paymentIntent: idOf(dispute.payment_intent),
    news: {
      kind: isWon ? 'dispute-won' : isLost ? 'dispute-lost' : 'dispute-opened',
      disputeId: dispute.id,
      amountMinor: money(dispute.amount, dispute.currency).amountMinor,
    },
  }
}

function money(amount: number, stripeCurrency: string): { amountMinor: number; currency: string } {
  const currency = stripeCurrency.toUpperCase()
  return { amountMinor: fromStripeAmount(amount, currency), currency }
}

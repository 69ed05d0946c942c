/**
 * The port to whoever takes money from cards. A provider is asked to do things, and what really happened it says by
 * signed events alone: an answer to a call may be lost, and a browser may lie about having paid.
 */

import type { CurrencyCode, OperatorId } from '@/lib/core/ids'
import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import type { EpochSeconds, MinorUnits } from '@/lib/core/units'
import type { PaymentEvent } from './payment-event'

export interface CheckoutOrder {
  readonly tenant: OperatorId
  /** Ours. The provider makes one checkout of it, however often it is asked, and names it in its events. */
  readonly paymentId: string
  readonly amountMinor: MinorUnits
  readonly currency: CurrencyCode
  /** Shown beside the amount on the provider's page. */
  readonly title: string
  /** Where the provider's page leads back to. Neither proves anything. */
  readonly returnUrl: string
  readonly cancelUrl: string
  /** Only where the provider has no page of its own (the sandbox). Handed through; never stored or logged. */
  readonly cardNumber: string | undefined
  readonly nowS: EpochSeconds
}

export type Checkout =
  /** The payer goes to the provider's page. */
  | { readonly kind: 'redirect'; readonly url: string; readonly reference: string }
  /** Nothing to do for the payer; the event follows, or is here already. */
  | { readonly kind: 'pending'; readonly reference: string; readonly deliveries: readonly Delivery[] }

/** A webhook call: exactly these bytes under exactly this signature. */
export interface Delivery {
  readonly rawBody: string
  readonly signature: string
}

/** Something to be done to a payment. The provider does it once, however often it is asked with the same `actId`. */
export interface ProviderAct {
  readonly tenant: OperatorId
  readonly actId: string
  readonly paymentId: string
  /** The provider's name of the payment, as its events give it. */
  readonly paymentReference: string
  /** Nothing for a cancellation. */
  readonly amountMinor: MinorUnits
  readonly currency: CurrencyCode
  readonly nowS: EpochSeconds
}

/** `deliveries`: events of a provider that has no network of its own. */
export interface ActDone {
  readonly deliveries: readonly Delivery[]
}

export interface CardProvider {
  readonly name: 'sandbox' | 'stripe'
  /** Name of the HTTP header in which its webhook calls carry their signature. */
  readonly signatureHeader: string
  /** Whether the payer types a card number on our page. Only the sandbox may: its numbers are worth nothing. */
  readonly asksForCardNumber: boolean
  /** Charges the amount. Refuses with `account.card-declined` or `payment.provider`; rejects when unreachable. */
  startCheckout(order: CheckoutOrder): Promise<Result<Checkout, Refusal>>
  /** Sets the amount aside on the card; `capture` takes of it, `cancel` lets it go. */
  preauthorise(order: CheckoutOrder): Promise<Result<Checkout, Refusal>>
  capture(act: ProviderAct): Promise<Result<ActDone, Refusal>>
  cancel(act: ProviderAct): Promise<Result<ActDone, Refusal>>
  refund(act: ProviderAct): Promise<Result<ActDone, Refusal>>
  /** The event in a webhook call. `payment.signature` when it is not the provider's, `payment.stale` when it is old. */
  readWebhook(
    rawBody: string,
    signature: string | null,
    nowS: EpochSeconds,
  ): Result<readonly PaymentEvent[], Refusal>
}

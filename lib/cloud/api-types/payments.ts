/** Topping up, and guests who pay by card. */

import type { GrantResponse } from './wallet'

// POST /api/v1/account/top-up
export interface TopUpRequest {
  readonly amountMinor: number
  readonly currency: string
  /** Only where `/payments` asks for it. Sandbox: 4242 4242 4242 4242 pays, 4000 0000 0000 0002 is declined. */
  readonly cardNumber?: string
  /** 8 to 64 characters; the same key never charges the card twice. */
  readonly idempotencyKey: string
}

/** Also from GET /api/v1/account/top-up/<topUpId>. Credit is there when, and only when, it says `paid`. */
export type TopUpResponse = { readonly topUpId: string; readonly amountMinor: number } & (
  | { readonly state: 'paid'; readonly balanceMinor: number }
  /** The payer goes to this page of the card provider, and comes back to ours. */
  | { readonly state: 'redirect'; readonly checkoutUrl: string }
  | { readonly state: 'waiting' | 'failed' | 'cancelled' }
)

// GET /api/v1/payments
export interface PaymentsResponse {
  readonly currency: string
  /** Whether our page asks for a card number; else the card provider's does. */
  readonly asksForCardNumber: boolean
  /** What a guest may set aside. */
  readonly guest: { readonly minimumMinor: number; readonly maximumMinor: number }
}

// POST /api/v1/payments/webhook · the card provider's event, signed in a header of the provider's
// POST and GET /api/v1/guest/grants · header `authorization: Bearer <token>`, 43 characters that the phone drew
export interface GuestGrantRequest {
  readonly amountMinor: number
  readonly currency: string
  readonly cardNumber?: string
  readonly devicePublicKey: string
  readonly keyProtection?: 'platform' | 'sealed'
}

export type GuestGrantResponse =
  | ({ readonly state: 'ready' } & GrantResponse)
  | { readonly state: 'redirect'; readonly checkoutUrl: string }
  | { readonly state: 'waiting' | 'failed' | 'cancelled' }

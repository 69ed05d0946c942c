/** Cards: payments, what the provider said of them, and what it was asked to do. */

import type { Generated } from 'kysely'

export interface CardPaymentRow {
  tenant: string
  payment_id: string
  purpose: 'top-up' | 'guest'
  owner: string
  idempotency_key: string
  author: string
  provider: string
  amount_minor: number
  currency: string
  state: 'started' | 'paid' | 'failed' | 'cancelled' | 'authorized' | 'capturing' | 'captured' | 'cancelling'
  checkout_reference: string | null
  checkout_url: string | null
  payment_reference: string | null
  created_at_s: number
  updated_at_s: number
}

export interface GuestGrantRow {
  tenant: string
  payment_id: string
  token_hash: string
  serial: string
  device_key: string
  key_protection: 'platform' | 'sealed'
  authorized_at_s: number | null
  not_after_s: number | null
  looked_at_s: number | null
  look_after_s: number | null
  refunds: Generated<number>
}

export interface CardReferenceRow {
  tenant: string
  provider: string
  payment_reference: string
  payment_id: string | null
}

export interface CardEventRow {
  tenant: string
  provider: string
  event_id: string
  payment_id: string | null
  payment_reference: string | null
  news: unknown
  body_hash: string
  received_at_s: number
}

export interface CardActRow {
  tenant: string
  act_id: string
  payment_id: string
  kind: 'capture' | 'cancel' | 'refund'
  amount_minor: number
  state: 'waiting' | 'done' | 'refused'
  attempts: Generated<number>
  first_tried_at_s: number | null
  due_at_s: number
  refusal: string | null
  created_at_s: number
}

export interface PaymentsTables {
  card_payments: CardPaymentRow
  guest_grants: GuestGrantRow
  card_references: CardReferenceRow
  card_events: CardEventRow
  card_acts: CardActRow
}

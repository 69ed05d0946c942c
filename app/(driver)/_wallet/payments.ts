/**
 * Paying by card, from the phone: what this operator asks payers for, a top-up, a guest's order, and how each stands.
 * Who pays on the card provider's page leaves this app and comes back; the address then names the payment.
 */

import type { GuestGrantRequest, PaymentsResponse, TopUpRequest } from '@/lib/cloud/api-types/payments'
import { refusal, type Refusal } from '@/lib/core/reason'
import { reasons, type ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { jsonReader, type JsonReader } from '@/lib/wallet/json-reader'
import { fetchApi } from './network'

export type TopUpNews = { readonly topUpId: string; readonly amountMinor: number } & (
  | { readonly state: 'redirect'; readonly checkoutUrl: string }
  | { readonly state: 'paid' | 'waiting' | 'failed' | 'cancelled' }
)

export type GuestNews =
  | { readonly state: 'redirect'; readonly checkoutUrl: string }
  | { readonly state: 'waiting' | 'failed' | 'cancelled' }
  /** The answer holds the grant and what it is checked by; the wallet reads it. */
  | { readonly state: 'ready'; readonly answer: JsonReader }

type Reply<T> = Promise<Result<T, Refusal>>

const timeoutMs = 20_000

export const askTerms = (): Reply<PaymentsResponse> =>
  ask('/payments', (json) => ({
    currency: json.text('currency'),
    asksForCardNumber: json.raw('asksForCardNumber') === true,
    guest: {
      minimumMinor: json.object('guest').integer('minimumMinor'),
      maximumMinor: json.object('guest').integer('maximumMinor'),
    },
  }))

export const startTopUp = (order: TopUpRequest): Reply<TopUpNews> =>
  ask('/account/top-up', readTopUp, { body: order })

export const askTopUp = (topUpId: string): Reply<TopUpNews> =>
  ask(`/account/top-up/${encodeURIComponent(topUpId)}`, readTopUp)

export const startGuest = (token: string, order: GuestGrantRequest): Reply<GuestNews> =>
  ask('/guest/grants', readGuest, { body: order, token })

export const askGuest = (token: string): Reply<GuestNews> => ask('/guest/grants', readGuest, { token })

/** Leaves for the provider's page. False when the address is no place to send a payer to. */
export function leaveFor(checkoutUrl: string): boolean {
  const url = URL.canParse(checkoutUrl) ? new URL(checkoutUrl) : undefined
  const isHere = url?.hostname === '127.0.0.1' || url?.hostname === 'localhost'
  if (url === undefined || (url.protocol !== 'https:' && !isHere)) return false
  window.location.assign(url)
  return true
}

export interface Returned {
  readonly paymentId: string
  readonly isCancelled: boolean
}

/** Who comes back from the provider's page, and how; what came of it only the operator knows. */
export function readReturn(search: string): Returned | undefined {
  const query = new URLSearchParams(search)
  const paymentId = query.get('payment') ?? ''
  return /^[0-9a-f]{32}$/.test(paymentId)
    ? { paymentId, isCancelled: query.get('cancelled') === '1' }
    : undefined
}

function readTopUp(json: JsonReader): TopUpNews {
  const about = { topUpId: json.text('topUpId'), amountMinor: json.integer('amountMinor') }
  const state = json.oneOf('state', ['paid', 'redirect', 'waiting', 'failed', 'cancelled'])
  return state === 'redirect'
    ? { ...about, state, checkoutUrl: json.text('checkoutUrl') }
    : { ...about, state }
}

function readGuest(json: JsonReader): GuestNews {
  const state = json.oneOf('state', ['ready', 'redirect', 'waiting', 'failed', 'cancelled'])
  if (state === 'redirect') return { state, checkoutUrl: json.text('checkoutUrl') }
  return state === 'ready' ? { state, answer: json } : { state }
}

async function ask<T>(
  path: string,
  read: (json: JsonReader) => T,
  { body, token }: { readonly body?: unknown; readonly token?: string } = {},
): Reply<T> {
  let response: Response
  try {
    response = await fetchApi(`/api/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  } catch {
    return err(refusal('api.unreachable'))
  }
  const json: unknown = await response.json().catch(() => undefined)
  try {
    return response.ok ? ok(read(jsonReader(json))) : err(readRefusal(jsonReader(json)))
  } catch {
    // A captive portal's page is not the operator's word.
    return err(refusal('api.unreachable'))
  }
}

function readRefusal(json: JsonReader): Refusal {
  const code = json.object('error').text('code')
  return refusal(Object.hasOwn(reasons, code) ? (code as ReasonCode) : 'api.internal')
}

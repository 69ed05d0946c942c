/** Results as HTTP: values as JSON, refusals as their code with a fitting status. */

import type { Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import type { Result } from '@/lib/core/result'
import type { ApiError } from '@/lib/cloud/api-types/shared'

/** A refusal that stands here for none of these is about what was asked: 422. */
const statuses: Partial<Record<ReasonCode, number>> = {
  'api.malformed': 400,
  'payment.signature': 400,
  'payment.stale': 400,
  'api.unauthenticated': 401,
  'account.passkey': 401,
  'account.prove-again': 401,
  'account.recovery-code': 401,
  'account.insufficient-funds': 402,
  'account.card-declined': 402,
  'payment.cancelled': 402,
  'api.forbidden': 403,
  'device.unknown': 403,
  'organisation.role': 403,
  'device.enrolment-code': 403,
  'api.not-found': 404,
  'api.conflict': 409,
  'device.gap': 409,
  'device.fork': 409,
  'close.incomplete': 409,
  'close.contradicted': 409,
  'account.last-key': 409,
  'account.too-many': 409,
  'account.manages-fleet': 409,
  'organisation.member': 409,
  'organisation.last-owner': 409,
  'organisation.limit': 409,
  'account.claim-code': 410,
  'organisation.invitation': 410,
  'api.too-large': 413,
  'api.rate-limited': 429,
  'api.internal': 500,
  'payment.provider': 502,
  'api.unreachable': 503,
  'news.full': 503,
  'api.busy': 503,
}

const noStore = { 'cache-control': 'no-store' }

export const json = (value: unknown, headers: Readonly<Record<string, string>> = {}): Response =>
  Response.json(value, { headers: { ...noStore, ...headers } })

export const noContent = (headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(null, { status: 204, headers: { ...noStore, ...headers } })

/** A refusal; of a bundle, with what is held of its log. */
type Refused = Refusal & { readonly acknowledgement?: string; readonly trustList?: string }

export function refuse(refusal: Refused): Response {
  const { code, facts, acknowledgement, trustList } = refusal
  const body: ApiError = {
    error: facts === undefined ? { code } : { code, facts },
    ...(acknowledgement === undefined ? {} : { acknowledgement }),
    ...(trustList === undefined ? {} : { trustList }),
  }
  const retryAfterS = facts?.['retryAfterS']
  const retry: Readonly<Record<string, string>> =
    retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) }
  return Response.json(body, { status: statuses[code] ?? 422, headers: { ...noStore, ...retry } })
}

export const answer = <T>(result: Result<T, Refused>): Response =>
  result.ok ? json(result.value) : refuse(result.error)

/** The fleet's part of the HTTP API, from the manager's browser. */

import { refusal, type Refusal } from '@/lib/core/reason'
import { reasons, type ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import type { ApiError } from '@/lib/cloud/api-types/shared'
import type {
  FleetResponse,
  IssueTokenRequest,
  IssueTokenResponse,
  RevokeTokenRequest,
  RevokeTokenResponse,
} from '@/lib/cloud/api-types/fleet'
import type { PaymentsResponse, TopUpRequest, TopUpResponse } from '@/lib/cloud/api-types/payments'
import type { SignedInResponse, SignInOptionsResponse } from '@/lib/cloud/api-types/account'

const timeoutMs = 20_000

export const readFleet = (): Promise<Result<FleetResponse, Refusal>> => ask('/fleet')

export const topUpFleet = (order: TopUpRequest): Promise<Result<TopUpResponse, Refusal>> =>
  ask('/fleet/top-up', order)

export const readTopUp = (topUpId: string): Promise<Result<TopUpResponse, Refusal>> =>
  ask(`/fleet/top-up/${encodeURIComponent(topUpId)}`)

export const readPayments = (): Promise<Result<PaymentsResponse, Refusal>> => ask('/payments')

export const issueToken = (order: IssueTokenRequest): Promise<Result<IssueTokenResponse, Refusal>> =>
  ask('/fleet/tokens', order)

export const revokeToken = (
  tokenId: string,
  order: RevokeTokenRequest,
): Promise<Result<RevokeTokenResponse, Refusal>> => ask(`/fleet/tokens/${tokenId}/revoke`, order)

export const signOut = (): Promise<Result<unknown, Refusal>> => ask('/account/sign-out', {})

export const signInForDemo = (): Promise<Result<unknown, Refusal>> => ask('/demo/sign-in', {})

export async function signInWithPasskey(): Promise<Result<SignedInResponse, Refusal>> {
  const begun = await ask<SignInOptionsResponse>('/account/sign-in/options', {})
  if (!begun.ok) return begun
  const { startAuthentication } = await import('@simplewebauthn/browser')
  try {
    const response = await startAuthentication({ optionsJSON: begun.value.options })
    return await ask('/account/sign-in/verify', { challengeId: begun.value.challengeId, response })
  } catch {
    // Closed, timed out, or no such passkey here: the remedy is the same.
    return err(refusal('phone.passkey'))
  }
}

/** A body makes it a write. */
async function ask<T>(path: string, body?: unknown): Promise<Result<T, Refusal>> {
  let response: Response
  try {
    response = await fetch(`/api/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      cache: 'no-store',
      credentials: 'same-origin',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
  } catch {
    return err(refusal('api.unreachable'))
  }
  const json: unknown = response.status === 204 ? {} : await response.json().catch(() => undefined)
  if (response.ok) return json === undefined ? err(refusal('api.unreachable')) : ok(json as T)
  return err(readRefusal(json))
}

function readRefusal(json: unknown): Refusal {
  const error = (json as Partial<ApiError> | undefined)?.error
  if (error === undefined || !Object.hasOwn(reasons, error.code)) return refusal('api.unreachable')
  return refusal(error.code as ReasonCode, error.facts)
}

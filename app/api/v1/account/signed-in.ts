/** The answer to a passkey that was accepted: who it is, with the cookie. */

import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import type { SignedIn } from '@/lib/cloud/accounts/commands'
import type { SignedInResponse } from '@/lib/cloud/api-types/account'
import type { Cloud } from '@/lib/cloud/context'
import { json, refuse } from '../../respond'
import { signInCookie } from '../../sign-in-cookie'

export function signedIn(cloud: Cloud, outcome: Result<SignedIn, Refusal>): Response {
  if (!outcome.ok) return refuse(outcome.error)
  const { accountId, passkey, token, expiresAtS } = outcome.value
  const body: SignedInResponse = { accountId, passkey }
  return json(body, signInCookie(cloud.config, token, expiresAtS - cloud.clock.nowS()))
}

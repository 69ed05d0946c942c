/** The answer to a passkey that was accepted: who it is, with a new cookie. The sign-in that the old one stood for ends. */

import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import type { SignedIn } from '@/lib/cloud/accounts/commands'
import type { SignedInResponse } from '@/lib/cloud/api-types/account'
import { signOut } from '@/lib/cloud/accounts/sign-ins'
import type { Cloud } from '@/lib/cloud/context'
import { json, refuse } from '../../respond'
import { signInCookie, tokenOf } from '../../sign-in-cookie'

export async function signedIn(
  cloud: Cloud,
  request: Request,
  outcome: Result<SignedIn, Refusal>,
): Promise<Response> {
  if (!outcome.ok) return refuse(outcome.error)
  const before = tokenOf(cloud.config, request)
  if (before !== undefined) await signOut(cloud, before)
  const { accountId, passkey, token, expiresAtS } = outcome.value
  const body: SignedInResponse = { accountId, passkey }
  return json(body, signInCookie(cloud.config, token, expiresAtS - cloud.clock.nowS()))
}

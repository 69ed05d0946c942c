/** Through the door of a console: with a passkey that is there, with a new one, or as the demonstration's manager. */

import type { RegisterOptionsResponse, SignInOptionsResponse } from '@/lib/cloud/api-types/account'
import type { OrganisationKind } from '@/lib/cloud/organisations/roles'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, type Result } from '@/lib/core/result'
import { ask } from './ask'

export async function signInWithPasskey(): Promise<Result<unknown, Refusal>> {
  const begun = await ask<SignInOptionsResponse>('/account/sign-in/options', {})
  if (!begun.ok) return begun
  const { challengeId, options } = begun.value
  const { startAuthentication } = await import('@simplewebauthn/browser')
  return prove('/account/sign-in/verify', challengeId, () => startAuthentication({ optionsJSON: options }))
}

export async function makePasskey(): Promise<Result<unknown, Refusal>> {
  const begun = await ask<RegisterOptionsResponse>('/account/register/options', {})
  if (!begun.ok) return begun
  const { challengeId, options } = begun.value
  const { startRegistration } = await import('@simplewebauthn/browser')
  return prove('/account/register/verify', challengeId, () => startRegistration({ optionsJSON: options }))
}

export const signInForDemo = (kind: OrganisationKind): Promise<Result<unknown, Refusal>> =>
  ask(kind === 'operator' ? '/demo/sign-in?as=operator' : '/demo/sign-in', {})

export const signOut = (): Promise<Result<unknown, Refusal>> => ask('/account/sign-out', {})

async function prove(
  path: string,
  challengeId: string,
  attempt: () => Promise<unknown>,
): Promise<Result<unknown, Refusal>> {
  try {
    return await ask(path, { challengeId, response: await attempt() })
  } catch {
    // Closed, timed out, or no such passkey here: the remedy is the same.
    return err(refusal('phone.passkey'))
  }
}

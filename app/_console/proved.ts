/** Acts on who may act for an organisation ask for a passkey that was shown just now: where it was not, it is asked for, and the act tried once more. */

import type { SignInOptionsResponse } from '@/lib/cloud/api-types/account'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, type Result } from '@/lib/core/result'
import { ask } from './ask'

export async function proved<T>(act: () => Promise<Result<T, Refusal>>): Promise<Result<T, Refusal>> {
  const first = await act()
  if (first.ok || first.error.code !== 'account.prove-again') return first
  const shown = await showPasskey()
  return shown.ok ? act() : shown
}

async function showPasskey(): Promise<Result<unknown, Refusal>> {
  const begun = await ask<SignInOptionsResponse>('/account/prove/options', {})
  if (!begun.ok) return begun
  const { challengeId, options } = begun.value
  const { startAuthentication } = await import('@simplewebauthn/browser')
  try {
    const response = await startAuthentication({ optionsJSON: options })
    return await ask('/account/prove/verify', { challengeId, response })
  } catch {
    // Closed, timed out, or no such passkey here: the remedy is the same.
    return err(refusal('phone.passkey'))
  }
}

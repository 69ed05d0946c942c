/** What a passkey is asked, and whether its answer proves anything. ES256 and EdDSA: what a charger verifies, too. */

import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server'
import type { toBytes } from '@/lib/core/bytes'
import type { PasskeyInfo } from '../api-types/account'
import type { Cloud } from '../context'
import { stepUpKeyOf } from './step-up-key'

const algorithms = [-7, -8]

/** What asks the browser for a new passkey; not one of those that the account has already. */
export const registrationQuestion = (cloud: Cloud, exclude: readonly string[] = []) =>
  generateRegistrationOptions({
    rpName: 'Outpost',
    rpID: cloud.config.rpId,
    userName: 'Outpost driver',
    userID: cloud.random.bytes(16),
    challenge: cloud.random.bytes(32),
    supportedAlgorithmIDs: algorithms,
    excludeCredentials: exclude.map((id) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })

/** What asks the browser for a passkey: any of this site, or one of the given. */
export const signInQuestion = (cloud: Cloud, allow: readonly string[] = []) =>
  generateAuthenticationOptions({
    rpID: cloud.config.rpId,
    challenge: cloud.random.bytes(32),
    userVerification: 'required',
    ...(allow.length === 0 ? {} : { allowCredentials: allow.map((id) => ({ id })) }),
  })

interface Credential {
  readonly id: string
  readonly publicKey: ReturnType<typeof toBytes>
  readonly counter: number
  readonly transports?: string[]
}

export interface NewPasskey {
  readonly credential: Credential
  readonly key: Omit<PasskeyInfo, 'credentialId'>
}

/** The library throws on every kind of rubbish; all of it means the same to the caller. */
export async function checkRegistration(
  cloud: Cloud,
  challenge: string,
  response: RegistrationResponseJSON,
): Promise<NewPasskey | undefined> {
  try {
    const outcome = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: cloud.config.origin,
      expectedRPID: cloud.config.rpId,
      supportedAlgorithmIDs: algorithms,
    })
    if (!outcome.verified) return undefined
    const credential = outcome.registrationInfo.credential as Credential
    const key = stepUpKeyOf(credential.publicKey)
    return key === undefined ? undefined : { credential, key }
  } catch {
    return undefined
  }
}

/** The authenticator's new signature counter, or undefined when the answer proves nothing. */
export async function checkSignIn(
  cloud: Cloud,
  challenge: string,
  response: AuthenticationResponseJSON,
  credential: Credential,
): Promise<number | undefined> {
  try {
    const outcome = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: cloud.config.origin,
      expectedRPID: cloud.config.rpId,
      credential,
    })
    return outcome.verified ? outcome.authenticationInfo.newCounter : undefined
  } catch {
    return undefined
  }
}

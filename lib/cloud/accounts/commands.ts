/**
 * Signing up and in with a passkey. A challenge lives five minutes and is taken out of the database by its first use,
 * so that an answer cannot be played twice.
 */

import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { toBytes } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { PasskeyInfo, RegisterOptionsResponse, SignInOptionsResponse } from '../api-types/account'
import type { Cloud } from '../context'
import { inTenant, transact, type TenantTransaction } from '../database/connection'
import { hashSecret, randomId, randomToken } from '../secrets'
import { passkeyInfo } from './queries'
import { stepUpKeyOf } from './step-up-key'

export interface SignedIn {
  readonly accountId: string
  readonly passkey: PasskeyInfo
  /** For the cookie; only its hash is kept here. */
  readonly token: string
  readonly expiresAtS: number
}

const challengeLifeS = 300
const signInLifeS = 30 * 86_400
/** ES256 and EdDSA: what a charger can verify in a step-up. */
const algorithms = [-7, -8]

export async function beginRegistration(cloud: Cloud): Promise<RegisterOptionsResponse> {
  const options = await generateRegistrationOptions({
    rpName: 'Outpost',
    rpID: cloud.config.rpId,
    userName: 'Outpost driver',
    userID: cloud.random.bytes(16),
    challenge: cloud.random.bytes(32),
    supportedAlgorithmIDs: algorithms,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  return { challengeId: await keepChallenge(cloud, 'register', options.challenge), options }
}

export async function finishRegistration(
  cloud: Cloud,
  challengeId: string,
  response: RegistrationResponseJSON,
): Promise<Result<SignedIn, Refusal>> {
  const challenge = await takeChallenge(cloud, 'register', challengeId)
  const credential = challenge === undefined ? undefined : await checkRegistration(cloud, challenge, response)
  const key = credential === undefined ? undefined : stepUpKeyOf(credential.publicKey)
  if (credential === undefined || key === undefined) return err(refusal('account.passkey'))
  const accountId = randomId(cloud.random)
  const { tenant } = cloud.config
  return transact(cloud.db, tenant, async (tx) => {
    const createdAtS = cloud.clock.nowS()
    await tx
      .insertInto('accounts')
      .values({ tenant, account_id: accountId, created_at_s: createdAtS })
      .execute()
    const added = await tx
      .insertInto('passkeys')
      .values({
        tenant,
        credential_id: credential.id,
        account_id: accountId,
        algorithm: key.algorithm,
        step_up_key: key.publicKey,
        cose_key: Buffer.from(credential.publicKey),
        sign_count: credential.counter,
        transports: [...(credential.transports ?? [])],
        created_at_s: createdAtS,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (added.numInsertedOrUpdatedRows !== 1n) return err(refusal('account.passkey'))
    return ok(await signIn(cloud, tx, accountId, { credentialId: credential.id, ...key }))
  })
}

export async function beginSignIn(cloud: Cloud): Promise<SignInOptionsResponse> {
  const options = await generateAuthenticationOptions({
    rpID: cloud.config.rpId,
    challenge: cloud.random.bytes(32),
    userVerification: 'required',
  })
  return { challengeId: await keepChallenge(cloud, 'sign-in', options.challenge), options }
}

export async function finishSignIn(
  cloud: Cloud,
  challengeId: string,
  response: AuthenticationResponseJSON,
): Promise<Result<SignedIn, Refusal>> {
  const { tenant } = cloud.config
  const challenge = await takeChallenge(cloud, 'sign-in', challengeId)
  if (challenge === undefined) return err(refusal('account.passkey'))
  return transact(cloud.db, tenant, async (tx) => {
    const passkey = await tx
      .selectFrom('passkeys')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('credential_id', '=', response.id)
      .forUpdate()
      .executeTakeFirst()
    if (passkey === undefined) return err(refusal('account.passkey'))
    const credential = {
      id: passkey.credential_id,
      publicKey: toBytes(passkey.cose_key),
      counter: passkey.sign_count,
      transports: passkey.transports,
    }
    const newCounter = await checkSignIn(cloud, challenge, response, credential)
    if (newCounter === undefined) return err(refusal('account.passkey'))
    await tx
      .updateTable('passkeys')
      .set({ sign_count: newCounter })
      .where('tenant', '=', tenant)
      .where('credential_id', '=', passkey.credential_id)
      .execute()
    return ok(await signIn(cloud, tx, passkey.account_id, passkeyInfo(passkey)))
  })
}

export async function signOut(cloud: Cloud, token: string): Promise<void> {
  const { tenant } = cloud.config
  await inTenant(cloud.db, tenant, (tx) =>
    tx
      .deleteFrom('sign_ins')
      .where('tenant', '=', tenant)
      .where('token_hash', '=', hashSecret(token))
      .execute(),
  )
}

/** Signs in without a passkey: only for the seeded people of the demonstration. */
export async function signInForDemo(
  cloud: Cloud,
  accountId: string,
): Promise<Result<{ token: string; expiresAtS: number }, Refusal>> {
  if (!cloud.config.isDemo) return err(refusal('api.forbidden'))
  const { tenant } = cloud.config
  return transact(cloud.db, tenant, async (tx) => {
    const account = await tx
      .selectFrom('accounts')
      .select('account_id')
      .where('tenant', '=', tenant)
      .where('account_id', '=', accountId)
      .executeTakeFirst()
    return account === undefined ? err(refusal('api.not-found')) : ok(await keepSignIn(cloud, tx, accountId))
  })
}

/** Removes what has run out: challenges that nobody answered and sign-ins past their time. */
export async function forgetExpired(cloud: Cloud): Promise<void> {
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  await inTenant(cloud.db, tenant, async (tx) => {
    await tx.deleteFrom('challenges').where('tenant', '=', tenant).where('expires_at_s', '<', nowS).execute()
    await tx.deleteFrom('sign_ins').where('tenant', '=', tenant).where('expires_at_s', '<', nowS).execute()
  })
}

async function signIn(
  cloud: Cloud,
  tx: TenantTransaction,
  accountId: string,
  passkey: PasskeyInfo,
): Promise<SignedIn> {
  return { accountId, passkey, ...(await keepSignIn(cloud, tx, accountId)) }
}

async function keepSignIn(
  cloud: Cloud,
  tx: TenantTransaction,
  accountId: string,
): Promise<{ token: string; expiresAtS: number }> {
  const token = randomToken(cloud.random)
  const expiresAtS = cloud.clock.nowS() + signInLifeS
  await tx
    .insertInto('sign_ins')
    .values({
      tenant: cloud.config.tenant,
      token_hash: hashSecret(token),
      account_id: accountId,
      expires_at_s: expiresAtS,
    })
    .execute()
  return { token, expiresAtS }
}

type Purpose = 'register' | 'sign-in'

async function keepChallenge(cloud: Cloud, purpose: Purpose, challenge: string): Promise<string> {
  const { tenant } = cloud.config
  const challengeId = randomId(cloud.random)
  await inTenant(cloud.db, tenant, (tx) =>
    tx
      .insertInto('challenges')
      .values({
        tenant,
        challenge_id: challengeId,
        purpose,
        challenge,
        expires_at_s: cloud.clock.nowS() + challengeLifeS,
      })
      .execute(),
  )
  return challengeId
}

/** Deleting is the single use: of two answers to one challenge, only one finds it. */
async function takeChallenge(
  cloud: Cloud,
  purpose: Purpose,
  challengeId: string,
): Promise<string | undefined> {
  const { tenant } = cloud.config
  const taken = await inTenant(cloud.db, tenant, (tx) =>
    tx
      .deleteFrom('challenges')
      .where('tenant', '=', tenant)
      .where('challenge_id', '=', challengeId)
      .where('purpose', '=', purpose)
      .returning(['challenge', 'expires_at_s'])
      .executeTakeFirst(),
  )
  return taken === undefined || taken.expires_at_s < cloud.clock.nowS() ? undefined : taken.challenge
}

interface Credential {
  readonly id: string
  readonly publicKey: ReturnType<typeof toBytes>
  readonly counter: number
  readonly transports?: string[]
}

/** The library throws on every kind of rubbish; all of it means the same to the caller. */
async function checkRegistration(
  cloud: Cloud,
  challenge: string,
  response: RegistrationResponseJSON,
): Promise<Credential | undefined> {
  try {
    const outcome = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: cloud.config.origin,
      expectedRPID: cloud.config.rpId,
      supportedAlgorithmIDs: algorithms,
    })
    return outcome.verified ? (outcome.registrationInfo.credential as Credential) : undefined
  } catch {
    return undefined
  }
}

/** The authenticator's new signature counter, or undefined when the answer proves nothing. */
async function checkSignIn(
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

/** Signing up and in with a passkey, and showing it once more before something that matters. */

import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { toBytes } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { PasskeyInfo, RegisterOptionsResponse, SignInOptionsResponse } from '../api-types/account'
import type { Cloud } from '../context'
import { inTenant, transact, type TenantTransaction } from '../database/connection'
import { randomId } from '../secrets'
import { keepChallenge, takeChallenge } from './challenges'
import { addPasskey } from './passkeys'
import { checkRegistration, checkSignIn, registrationQuestion, signInQuestion } from './passkey-check'
import { passkeyInfo, passkeysOf } from './queries'
import { keepSignIn, renewSignIn, type KeptSignIn } from './sign-ins'

export interface SignedIn extends KeptSignIn {
  readonly accountId: string
  readonly passkey: PasskeyInfo
}

export async function beginRegistration(cloud: Cloud): Promise<RegisterOptionsResponse> {
  const options = await registrationQuestion(cloud)
  return {
    challengeId: await keepChallenge(cloud, { purpose: 'register', challenge: options.challenge }),
    options,
  }
}

export async function finishRegistration(
  cloud: Cloud,
  challengeId: string,
  response: RegistrationResponseJSON,
): Promise<Result<SignedIn, Refusal>> {
  const taken = await takeChallenge(cloud, 'register', challengeId)
  const made = taken === undefined ? undefined : await checkRegistration(cloud, taken.challenge, response)
  if (made === undefined) return err(refusal('account.passkey'))
  const accountId = randomId(cloud.random)
  const { tenant } = cloud.config
  return transact(cloud.db, tenant, async (tx) => {
    await tx
      .insertInto('accounts')
      .values({ tenant, account_id: accountId, created_at_s: cloud.clock.nowS() })
      .execute()
    const added = await addPasskey(cloud, tx, accountId, made, '')
    return added.ok ? ok(await signIn(cloud, tx, accountId, added.value)) : added
  })
}

export async function beginSignIn(cloud: Cloud): Promise<SignInOptionsResponse> {
  const options = await signInQuestion(cloud)
  return {
    challengeId: await keepChallenge(cloud, { purpose: 'sign-in', challenge: options.challenge }),
    options,
  }
}

export async function finishSignIn(
  cloud: Cloud,
  challengeId: string,
  response: AuthenticationResponseJSON,
): Promise<Result<SignedIn, Refusal>> {
  const taken = await takeChallenge(cloud, 'sign-in', challengeId)
  if (taken === undefined) return err(refusal('account.passkey'))
  return transact(cloud.db, cloud.config.tenant, async (tx) => {
    const passkey = await usePasskey(cloud, tx, taken.challenge, response)
    return passkey.ok
      ? ok(await signIn(cloud, tx, passkey.value.account_id, passkeyInfo(passkey.value)))
      : passkey
  })
}

/** Asks the account's own passkeys, of whoever is signed in. */
export async function beginProof(cloud: Cloud, accountId: string): Promise<SignInOptionsResponse> {
  const { tenant } = cloud.config
  const passkeys = await inTenant(cloud.db, tenant, (tx) => passkeysOf(tx, tenant, accountId))
  const options = await signInQuestion(
    cloud,
    passkeys.map(({ credentialId }) => credentialId),
  )
  const order = { purpose: 'prove', challenge: options.challenge, accountId } as const
  return { challengeId: await keepChallenge(cloud, order), options }
}

/**
 * A passkey of the same account, or `account.passkey`: another account's proves nothing here. The sign-in goes on under a
 * new token.
 */
export async function finishProof(
  cloud: Cloud,
  accountId: string,
  token: string,
  challengeId: string,
  response: AuthenticationResponseJSON,
): Promise<Result<KeptSignIn, Refusal>> {
  const { tenant } = cloud.config
  const taken = await takeChallenge(cloud, 'prove', challengeId)
  if (taken?.accountId !== accountId) return err(refusal('account.passkey'))
  return transact(cloud.db, tenant, async (tx) => {
    const passkey = await usePasskey(cloud, tx, taken.challenge, response)
    if (!passkey.ok) return passkey
    if (passkey.value.account_id !== accountId) return err(refusal('account.passkey'))
    const renewed = await renewSignIn(cloud, tx, token)
    return renewed === undefined ? err(refusal('api.unauthenticated')) : ok(renewed)
  })
}

/** Signs in without a passkey: only for the seeded people of the demonstration. */
export async function signInForDemo(cloud: Cloud, accountId: string): Promise<Result<KeptSignIn, Refusal>> {
  if (!cloud.config.isDemo) return err(refusal('api.forbidden'))
  const { tenant } = cloud.config
  return transact(cloud.db, tenant, async (tx) => {
    const account = await tx
      .selectFrom('accounts')
      .select('account_id')
      .where('tenant', '=', tenant)
      .where('account_id', '=', accountId)
      .where('closed_at_s', 'is', null)
      .executeTakeFirst()
    return account === undefined
      ? err(refusal('api.not-found'))
      : ok(await keepSignIn(cloud, tx, accountId, null))
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

export async function signIn(
  cloud: Cloud,
  tx: TenantTransaction,
  accountId: string,
  passkey: PasskeyInfo,
): Promise<SignedIn> {
  return { accountId, passkey, ...(await keepSignIn(cloud, tx, accountId, passkey.credentialId)) }
}

/** Checks an answer against the passkey that it names, and counts it. */
async function usePasskey(
  cloud: Cloud,
  tx: TenantTransaction,
  challenge: string,
  response: AuthenticationResponseJSON,
) {
  const { tenant } = cloud.config
  const passkey = await tx
    .selectFrom('passkeys')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('credential_id', '=', response.id)
    .forUpdate()
    .executeTakeFirst()
  if (passkey === undefined) return err(refusal('account.passkey'))
  const newCounter = await checkSignIn(cloud, challenge, response, {
    id: passkey.credential_id,
    publicKey: toBytes(passkey.cose_key),
    counter: passkey.sign_count,
    transports: passkey.transports,
  })
  if (newCounter === undefined) return err(refusal('account.passkey'))
  await tx
    .updateTable('passkeys')
    .set({ sign_count: newCounter, last_used_at_s: cloud.clock.nowS() })
    .where('tenant', '=', tenant)
    .where('credential_id', '=', passkey.credential_id)
    .execute()
  return ok(passkey)
}

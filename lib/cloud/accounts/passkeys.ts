/** The passkeys of an account: another one, a name for it, and taking one away. */

import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { PasskeyInfo, RegisterOptionsResponse } from '../api-types/account'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { inTenant, transact, type TenantTransaction } from '../database/connection'
import { hashSecret } from '../secrets'
import { keepChallenge, takeChallenge } from './challenges'
import { lockAccount } from './lock-account'
import { checkRegistration, registrationQuestion, type NewPasskey } from './passkey-check'
import { passkeysOf } from './queries'
import { codesLeft } from './recovery-codes'

/** Phones, a tablet, a security key or two; more is no person's. */
const passkeysMax = 12

export async function beginNextPasskey(cloud: Cloud, accountId: string): Promise<RegisterOptionsResponse> {
  const { tenant } = cloud.config
  const known = await inTenant(cloud.db, tenant, (tx) => passkeysOf(tx, tenant, accountId))
  const options = await registrationQuestion(
    cloud,
    known.map(({ credentialId }) => credentialId),
  )
  const order = { purpose: 'add-passkey', challenge: options.challenge, accountId } as const
  return { challengeId: await keepChallenge(cloud, order), options }
}

export async function finishNextPasskey(
  cloud: Cloud,
  accountId: string,
  challengeId: string,
  response: RegistrationResponseJSON,
  name: string,
): Promise<Result<PasskeyInfo, Refusal>> {
  const taken = await takeChallenge(cloud, 'add-passkey', challengeId)
  const isOurs = taken?.accountId === accountId
  const made = isOurs ? await checkRegistration(cloud, taken.challenge, response) : undefined
  if (made === undefined) return err(refusal('account.passkey'))
  const { tenant } = cloud.config
  return transact(cloud.db, tenant, async (tx) => {
    if (!(await lockAccount(cloud, tx, accountId))) return err(refusal('api.unauthenticated'))
    const known = await passkeysOf(tx, tenant, accountId)
    if (known.length >= passkeysMax) return err(refusal('account.too-many'))
    const added = await addPasskey(cloud, tx, accountId, made, name)
    if (added.ok) await writeAuditLine(cloud, tx, accountId, 'passkey-added', added.value.credentialId)
    return added
  })
}

export async function renamePasskey(
  cloud: Cloud,
  accountId: string,
  credentialId: string,
  name: string,
): Promise<Result<void, Refusal>> {
  const { tenant } = cloud.config
  return transact(cloud.db, tenant, async (tx) => {
    const changed = await tx
      .updateTable('passkeys')
      .set({ name })
      .where('tenant', '=', tenant)
      .where('account_id', '=', accountId)
      .where('credential_id', '=', credentialId)
      .executeTakeFirst()
    return changed.numUpdatedRows === 1n ? ok(undefined) : err(refusal('api.not-found'))
  })
}

/**
 * Takes a passkey away and ends what was signed in with it, but for the caller's own sign-in. The last one stays
 * unless a recovery code could bring its owner back: an account without any key would be money that nobody reaches.
 */
export async function removePasskey(
  cloud: Cloud,
  accountId: string,
  credentialId: string,
  token: string,
): Promise<Result<void, Refusal>> {
  const { tenant } = cloud.config
  return transact(cloud.db, tenant, async (tx) => {
    // Two removals at once must not take the last two.
    if (!(await lockAccount(cloud, tx, accountId))) return err(refusal('api.unauthenticated'))
    const known = await passkeysOf(tx, tenant, accountId)
    if (!known.some((passkey) => passkey.credentialId === credentialId)) return err(refusal('api.not-found'))
    if (known.length === 1 && (await codesLeft(tx, tenant, accountId)) === 0)
      return err(refusal('account.last-key'))
    await tx
      .deleteFrom('passkeys')
      .where('tenant', '=', tenant)
      .where('credential_id', '=', credentialId)
      .where('account_id', '=', accountId)
      .execute()
    await tx
      .deleteFrom('sign_ins')
      .where('tenant', '=', tenant)
      .where('account_id', '=', accountId)
      .where('credential_id', '=', credentialId)
      .where('token_hash', '<>', hashSecret(token))
      .execute()
    await writeAuditLine(cloud, tx, accountId, 'passkey-removed', credentialId)
    return ok(undefined)
  })
}

/** Refuses a credential that somebody has already. */
export async function addPasskey(
  cloud: Cloud,
  tx: TenantTransaction,
  accountId: string,
  { credential, key }: NewPasskey,
  name: string,
): Promise<Result<PasskeyInfo, Refusal>> {
  const added = await tx
    .insertInto('passkeys')
    .values({
      tenant: cloud.config.tenant,
      credential_id: credential.id,
      account_id: accountId,
      algorithm: key.algorithm,
      step_up_key: key.publicKey,
      cose_key: Buffer.from(credential.publicKey),
      sign_count: credential.counter,
      transports: [...(credential.transports ?? [])],
      name,
      last_used_at_s: null,
      created_at_s: cloud.clock.nowS(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return added.numInsertedOrUpdatedRows === 1n
    ? ok({ credentialId: credential.id, ...key })
    : err(refusal('account.passkey'))
}

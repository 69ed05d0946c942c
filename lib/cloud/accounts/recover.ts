/**
 * Back into an account whose passkeys are gone: a recovery code enrols a new passkey. The code is spent only together
 * with that, so that a closed sheet costs nobody a code. Everything else that was signed in is signed out, and for a day
 * only little can be taken along (PROTOCOL.md, risk limits): long enough for the owner to notice a thief.
 */

import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { RegisterOptionsResponse } from '../api-types/account'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { inTenant, transact } from '../database/connection'
import { keepChallenge, takeChallenge } from './challenges'
import { signIn, type SignedIn } from './commands'
import { lockAccount } from './lock-account'
import { checkRegistration, registrationQuestion } from './passkey-check'
import { addPasskey } from './passkeys'
import { passkeysOf } from './queries'
import { accountOfCode, hashRecoveryCode, spendCode } from './recovery-codes'

/** A wrong code, a used one and one of an earlier set are the same: `account.recovery-code`. */
export async function beginRecovery(
  cloud: Cloud,
  code: string,
): Promise<Result<RegisterOptionsResponse, Refusal>> {
  const { tenant } = cloud.config
  const codeHash = hashRecoveryCode(cloud, code)
  if (codeHash === undefined) return err(refusal('account.recovery-code'))
  const found = await inTenant(cloud.db, tenant, async (tx) => {
    const accountId = await accountOfCode(tx, tenant, codeHash)
    return accountId === undefined
      ? undefined
      : { accountId, passkeys: await passkeysOf(tx, tenant, accountId) }
  })
  if (found === undefined) return err(refusal('account.recovery-code'))
  const options = await registrationQuestion(
    cloud,
    found.passkeys.map(({ credentialId }) => credentialId),
  )
  const { accountId } = found
  const order = { purpose: 'recover', challenge: options.challenge, accountId, codeHash } as const
  return ok({ challengeId: await keepChallenge(cloud, order), options })
}

export async function finishRecovery(
  cloud: Cloud,
  challengeId: string,
  response: RegistrationResponseJSON,
  name: string,
): Promise<Result<SignedIn, Refusal>> {
  const { tenant } = cloud.config
  const taken = await takeChallenge(cloud, 'recover', challengeId)
  const { accountId, codeHash } = taken ?? {}
  if (taken === undefined || !accountId || !codeHash) return err(refusal('account.passkey'))
  const made = await checkRegistration(cloud, taken.challenge, response)
  if (made === undefined) return err(refusal('account.passkey'))
  return transact(cloud.db, tenant, async (tx) => {
    if (!(await lockAccount(cloud, tx, accountId))) return err(refusal('account.recovery-code'))
    if (!(await spendCode(cloud, tx, accountId, codeHash))) return err(refusal('account.recovery-code'))
    const added = await addPasskey(cloud, tx, accountId, made, name)
    if (!added.ok) return added
    await tx
      .updateTable('accounts')
      .set({ recovered_at_s: cloud.clock.nowS() })
      .where('tenant', '=', tenant)
      .where('account_id', '=', accountId)
      .execute()
    await tx.deleteFrom('sign_ins').where('tenant', '=', tenant).where('account_id', '=', accountId).execute()
    await writeAuditLine(cloud, tx, accountId, 'account-recovered', added.value.credentialId)
    return ok(await signIn(cloud, tx, accountId, added.value))
  })
}

/** Who is signed in where: a random token in a cookie, of which only the hash is kept. */

import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import { hashSecret, randomToken } from '../secrets'

const signInLifeS = 30 * 86_400
/** Acts on the account's own keys ask for a passkey that was shown within this time. */
const provedLifeS = 900

export interface KeptSignIn {
  /** For the cookie. */
  readonly token: string
  readonly expiresAtS: number
}

/** `credentialId` is null for the demonstration's people, who have no passkey. */
export async function keepSignIn(
  cloud: Cloud,
  tx: TenantTransaction,
  accountId: string,
  credentialId: string | null,
): Promise<KeptSignIn> {
  const token = randomToken(cloud.random)
  const nowS = cloud.clock.nowS()
  const expiresAtS = nowS + signInLifeS
  await tx
    .insertInto('sign_ins')
    .values({
      tenant: cloud.config.tenant,
      token_hash: hashSecret(token),
      account_id: accountId,
      credential_id: credentialId,
      phone_id: null,
      proved_at_s: nowS,
      expires_at_s: expiresAtS,
    })
    .execute()
  return { token, expiresAtS }
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

/** Ends every other sign-in of the account; gives how many. */
export async function signOutOthers(cloud: Cloud, accountId: string, token: string): Promise<number> {
  const { tenant } = cloud.config
  return inTenant(cloud.db, tenant, async (tx) => {
    const gone = await tx
      .deleteFrom('sign_ins')
      .where('tenant', '=', tenant)
      .where('account_id', '=', accountId)
      .where('token_hash', '<>', hashSecret(token))
      .executeTakeFirst()
    return Number(gone.numDeletedRows)
  })
}

/** Whether the passkey was shown just now: a phone that lies about unlocked must not be enough to take an account over. */
export async function isProved(cloud: Cloud, token: string): Promise<boolean> {
  const { tenant } = cloud.config
  const row = await inTenant(cloud.db, tenant, (tx) =>
    tx
      .selectFrom('sign_ins')
      .select('proved_at_s')
      .where('tenant', '=', tenant)
      .where('token_hash', '=', hashSecret(token))
      .executeTakeFirst(),
  )
  return row !== undefined && row.proved_at_s > cloud.clock.nowS() - provedLifeS
}

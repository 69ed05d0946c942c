/** Who is signed in where: a random token in a cookie, of which only the hash is kept. */

import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import { hashSecret, randomToken } from '../secrets'

const signInLifeS = 30 * 86_400
/** Acts on the account's own keys, and on who may act for an organisation, ask for a passkey that was shown within this time. */
const provedLifeS = 900
/** Use is written down at most this often. */
const useResolutionS = 300
/** Browsers of one account that are signed in at a time; one more ends the one that was used longest ago. */
export const signInsMax = 20

/**
 * How long a sign-in lasts, by what it is used for. A driver's phone may lie in a pocket for weeks and opens no money that
 * the wallet's own key does not sign for; a console shows an organisation's money and people on a desk (NIST SP 800-63B,
 * AAL2: a passkey every 12 hours, and after an hour without use).
 */
const reaches = {
  driver: { idleS: 14 * 86_400, provedWithinS: signInLifeS, seen: 'seen_at_s' },
  // Its own time: the app beside it asks every few seconds, and must not keep a console open that nobody looks at.
  console: { idleS: 3_600, provedWithinS: 12 * 3_600, seen: 'console_seen_at_s' },
} as const
export type Reach = keyof typeof reaches

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
      seen_at_s: nowS,
      console_seen_at_s: nowS,
      expires_at_s: expiresAtS,
    })
    .execute()
  await endOldest(tx, cloud.config.tenant, accountId)
  return { token, expiresAtS }
}

async function endOldest(tx: TenantTransaction, tenant: string, accountId: string): Promise<void> {
  const older = await tx
    .selectFrom('sign_ins')
    .select('token_hash')
    .where('tenant', '=', tenant)
    .where('account_id', '=', accountId)
    .orderBy('seen_at_s', 'desc')
    .orderBy('proved_at_s', 'desc')
    .offset(signInsMax)
    .execute()
  if (older.length === 0) return
  await tx
    .deleteFrom('sign_ins')
    .where('tenant', '=', tenant)
    .where(
      'token_hash',
      'in',
      older.map((row) => row.token_hash),
    )
    .execute()
}

/** The account that a cookie's token stands for, unless it has run out for what it is used for. */
export async function accountOfToken(
  cloud: Cloud,
  token: string,
  reach: Reach = 'driver',
): Promise<string | undefined> {
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  const { idleS, provedWithinS, seen } = reaches[reach]
  const hash = hashSecret(token)
  return inTenant(cloud.db, tenant, async (tx) => {
    const row = await tx
      .selectFrom('sign_ins')
      .select(['account_id', 'seen_at_s', 'console_seen_at_s'])
      .where('tenant', '=', tenant)
      .where('token_hash', '=', hash)
      .where('expires_at_s', '>', nowS)
      .where(seen, '>', nowS - idleS)
      .where('proved_at_s', '>', nowS - provedWithinS)
      .executeTakeFirst()
    if (row !== undefined && row[seen] < nowS - useResolutionS)
      await tx
        .updateTable('sign_ins')
        .set({ [seen]: nowS, seen_at_s: nowS })
        .where('tenant', '=', tenant)
        .where('token_hash', '=', hash)
        .execute()
    return row?.account_id
  })
}

/** A passkey was shown once more: the sign-in goes on under a new token, and the old one ends. */
export async function renewSignIn(
  cloud: Cloud,
  tx: TenantTransaction,
  token: string,
): Promise<KeptSignIn | undefined> {
  const fresh = randomToken(cloud.random)
  const nowS = cloud.clock.nowS()
  const renewed = await tx
    .updateTable('sign_ins')
    .set({ token_hash: hashSecret(fresh), proved_at_s: nowS, seen_at_s: nowS, console_seen_at_s: nowS })
    .where('tenant', '=', cloud.config.tenant)
    .where('token_hash', '=', hashSecret(token))
    .returning('expires_at_s')
    .executeTakeFirst()
  return renewed && { token: fresh, expiresAtS: renewed.expires_at_s }
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
      .select(['proved_at_s', 'credential_id'])
      .where('tenant', '=', tenant)
      .where('token_hash', '=', hashSecret(token))
      .executeTakeFirst(),
  )
  if (row === undefined) return false
  // The demonstration's people have no passkey that they could show.
  if (cloud.config.isDemo && row.credential_id === null) return true
  return row.proved_at_s > cloud.clock.nowS() - provedLifeS
}

/**
 * The phones of an account. A phone has a key of its own for every grant, so that chargers cannot follow it; it tells
 * its account alone which keys are its own. A lost phone's grants are revoked. What it may have signed without a link is
 * not known yet, so its credit stays reserved until their end and thirty days (PROTOCOL.md, rules of money 10).
 */

import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { grantSerial } from '@/lib/core/ids'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { transact, type TenantTransaction } from '../database/connection'
import { revoke } from '../issuance/revocations'
import { walletAccount } from '../ledger/accounts'
import { hashSecret } from '../secrets'
import { lockAccount } from './lock-account'

export interface PhoneNews {
  /** 128 bits that the phone drew once, as hex. */
  readonly phoneId: string
  /** Chosen on the phone, such as "Chrome on Android". */
  readonly name: string
  readonly deviceKeys: readonly string[]
}

/** Names keys that no phone has told us of: a grant from before, or of an app that never came online again. */
export const unnamedPhonePrefix = 'key-'

/** Nobody has more; the oldest that nothing is left of go first. */
const phonesMax = 20

/** A phone says that it is here. A name that was given on the account's page stays. */
export async function announcePhone(
  cloud: Cloud,
  accountId: string,
  token: string,
  news: PhoneNews,
): Promise<Result<void, Refusal>> {
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  return transact(cloud.db, tenant, async (tx) => {
    if (!(await lockAccount(cloud, tx, accountId))) return err(refusal('api.unauthenticated'))
    await forgetOldest(cloud, tx, accountId, news.phoneId)
    await tx
      .insertInto('phones')
      .values({
        tenant,
        account_id: accountId,
        phone_id: news.phoneId,
        name: news.name,
        first_seen_at_s: nowS,
        last_seen_at_s: nowS,
        lost_at_s: null,
      })
      .onConflict((conflict) =>
        // Whoever signed in on it has found it again.
        conflict
          .columns(['tenant', 'account_id', 'phone_id'])
          .doUpdateSet({ last_seen_at_s: nowS, lost_at_s: null }),
      )
      .execute()
    if (news.deviceKeys.length > 0) {
      await tx
        .insertInto('phone_keys')
        .values(
          news.deviceKeys.map((deviceKey) => ({
            tenant,
            account_id: accountId,
            device_key: deviceKey,
            phone_id: news.phoneId,
          })),
        )
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    }
    await tx
      .updateTable('sign_ins')
      .set({ phone_id: news.phoneId })
      .where('tenant', '=', tenant)
      .where('token_hash', '=', hashSecret(token))
      .execute()
    return ok(undefined)
  })
}

export async function renamePhone(
  cloud: Cloud,
  accountId: string,
  phoneId: string,
  name: string,
): Promise<Result<void, Refusal>> {
  const { tenant } = cloud.config
  return transact(cloud.db, tenant, async (tx) => {
    const changed = await tx
      .updateTable('phones')
      .set({ name })
      .where('tenant', '=', tenant)
      .where('account_id', '=', accountId)
      .where('phone_id', '=', phoneId)
      .executeTakeFirst()
    return changed.numUpdatedRows === 1n ? ok(undefined) : err(refusal('api.not-found'))
  })
}

/** Revokes what the phone holds and signs it out. Safe to repeat. */
export async function reportLost(
  cloud: Cloud,
  accountId: string,
  phoneId: string,
): Promise<Result<void, Refusal>> {
  const { tenant } = cloud.config
  return transact(cloud.db, tenant, async (tx) => {
    if (!(await lockAccount(cloud, tx, accountId))) return err(refusal('api.unauthenticated'))
    const keys = await keysOf(tx, tenant, accountId, phoneId)
    if (keys === undefined) return err(refusal('api.not-found'))
    await revokeGrants(cloud, tx, accountId, keys, 'lost-phone')
    await tx
      .updateTable('phones')
      .set({ lost_at_s: cloud.clock.nowS() })
      .where('tenant', '=', tenant)
      .where('account_id', '=', accountId)
      .where('phone_id', '=', phoneId)
      .execute()
    await tx
      .deleteFrom('sign_ins')
      .where('tenant', '=', tenant)
      .where('account_id', '=', accountId)
      .where('phone_id', '=', phoneId)
      .execute()
    await writeAuditLine(cloud, tx, accountId, 'phone-lost', phoneId)
    return ok(undefined)
  })
}

/** Revokes the live grants of these device keys, or of all where none are named; gives how many. */
export async function revokeGrants(
  cloud: Cloud,
  tx: TenantTransaction,
  accountId: string,
  deviceKeys: readonly string[] | 'all',
  reason: string,
): Promise<number> {
  if (deviceKeys !== 'all' && deviceKeys.length === 0) return 0
  const live = await tx
    .selectFrom('grants')
    .select(['serial', 'not_after_s'])
    .where('tenant', '=', cloud.config.tenant)
    .where('owner', '=', walletAccount(accountId))
    .where('not_after_s', '>=', cloud.clock.nowS())
    .$if(deviceKeys !== 'all', (query) => query.where('device_key', 'in', deviceKeys as readonly string[]))
    .orderBy('serial')
    .execute()
  for (const grant of live) await revoke(cloud, tx, grantSerial(grant.serial), grant.not_after_s, reason)
  return live.length
}

/** Undefined where the account has no such phone. */
async function keysOf(
  tx: TenantTransaction,
  tenant: string,
  accountId: string,
  phoneId: string,
): Promise<readonly string[] | undefined> {
  if (phoneId.startsWith(unnamedPhonePrefix)) return [phoneId.slice(unnamedPhonePrefix.length)]
  const phone = await tx
    .selectFrom('phones')
    .select('phone_id')
    .where('tenant', '=', tenant)
    .where('account_id', '=', accountId)
    .where('phone_id', '=', phoneId)
    .executeTakeFirst()
  if (phone === undefined) return undefined
  const rows = await tx
    .selectFrom('phone_keys')
    .select('device_key')
    .where('tenant', '=', tenant)
    .where('account_id', '=', accountId)
    .where('phone_id', '=', phoneId)
    .execute()
  return rows.map((row) => row.device_key)
}

async function forgetOldest(
  cloud: Cloud,
  tx: TenantTransaction,
  accountId: string,
  except: string,
): Promise<void> {
  const { tenant } = cloud.config
  const phones = await tx
    .selectFrom('phones')
    .select('phone_id')
    .where('tenant', '=', tenant)
    .where('account_id', '=', accountId)
    .where('phone_id', '<>', except)
    .orderBy('last_seen_at_s', 'desc')
    .execute()
  const tooMany = phones.slice(phonesMax - 1).map((row) => row.phone_id)
  if (tooMany.length === 0) return
  for (const table of ['phone_keys', 'phones'] as const) {
    await tx
      .deleteFrom(table)
      .where('tenant', '=', tenant)
      .where('account_id', '=', accountId)
      .where('phone_id', 'in', tooMany)
      .execute()
  }
}

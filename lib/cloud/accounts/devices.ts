/** What opens the account and what of its credit is where: passkeys, recovery codes, phones and their grants. */

import { sql } from 'kysely'
import type { DevicesResponse, PhoneGrantInfo, PhoneInfo } from '../api-types/account-devices'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import { walletAccount } from '../ledger/accounts'
import { hashSecret } from '../secrets'
import { coolOffOf } from './cool-off'
import { unnamedPhonePrefix } from './phones'
import { codesLeft } from './recovery-codes'

/** `token` is the caller's own sign-in. */
export async function devicesOf(cloud: Cloud, accountId: string, token: string): Promise<DevicesResponse> {
  const { tenant } = cloud.config
  return inTenant(cloud.db, tenant, async (tx) => {
    const own = await tx
      .selectFrom('sign_ins')
      .select(['credential_id', 'phone_id'])
      .where('tenant', '=', tenant)
      .where('token_hash', '=', hashSecret(token))
      .executeTakeFirst()
    const passkeys = await tx
      .selectFrom('passkeys')
      .select(['credential_id', 'name', 'created_at_s', 'last_used_at_s'])
      .where('tenant', '=', tenant)
      .where('account_id', '=', accountId)
      .orderBy('created_at_s')
      .orderBy('credential_id')
      .execute()
    const account = await tx
      .selectFrom('accounts')
      .select('recovered_at_s')
      .where('tenant', '=', tenant)
      .where('account_id', '=', accountId)
      .executeTakeFirst()
    const { others } = await tx
      .selectFrom('sign_ins')
      .select(({ fn }) => fn.countAll<number>().as('others'))
      .where('tenant', '=', tenant)
      .where('account_id', '=', accountId)
      .where('token_hash', '<>', hashSecret(token))
      .where('expires_at_s', '>', cloud.clock.nowS())
      .executeTakeFirstOrThrow()
    return {
      passkeys: passkeys.map((row) => ({
        credentialId: row.credential_id,
        name: row.name,
        createdAtS: row.created_at_s,
        lastUsedAtS: row.last_used_at_s,
        isThis: row.credential_id === own?.credential_id,
      })),
      recoveryCodesLeft: await codesLeft(tx, tenant, accountId),
      recoveredAtS: account?.recovered_at_s ?? null,
      coolOffUntilS: (await coolOffOf(cloud, tx, accountId))?.untilS ?? null,
      otherSignIns: others,
      currency: cloud.config.currency,
      phones: await phonesOf(cloud, tx, accountId, own?.phone_id ?? null),
    }
  })
}

async function phonesOf(
  cloud: Cloud,
  tx: TenantTransaction,
  accountId: string,
  ownPhoneId: string | null,
): Promise<readonly PhoneInfo[]> {
  const { tenant } = cloud.config
  const rows = await tx
    .selectFrom('phones')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('account_id', '=', accountId)
    .orderBy('last_seen_at_s', 'desc')
    .orderBy('phone_id')
    .execute()
  const grants = await grantsByPhone(cloud, tx, accountId)
  const named = rows.map((row) => ({
    phoneId: row.phone_id,
    name: row.name,
    lastSeenAtS: row.last_seen_at_s,
    lostAtS: row.lost_at_s,
    isThis: row.phone_id === ownPhoneId,
    grants: grants.get(row.phone_id) ?? [],
  }))
  const known = new Set(named.map(({ phoneId }) => phoneId))
  const unnamed = [...grants].filter(([phoneId]) => !known.has(phoneId))
  return [
    ...named,
    ...unnamed.map(([phoneId, held]) => ({
      phoneId,
      name: '',
      lastSeenAtS: null,
      lostAtS: null,
      isThis: false,
      grants: held,
    })),
  ]
}

interface GrantLine {
  serial: string
  phone_id: string | null
  device_key: string
  not_after_s: string
  release_after_s: string
  revoked: boolean
  reserved: string
  held: string
}

const grantsMax = 200

/** Everything that still has credit set aside, by the phone that holds it. */
async function grantsByPhone(
  { config: { tenant }, clock }: Cloud,
  tx: TenantTransaction,
  accountId: string,
): Promise<ReadonlyMap<string, readonly PhoneGrantInfo[]>> {
  const { rows } = await sql<GrantLine>`
    select g.serial, k.phone_id, g.device_key, g.not_after_s, r.release_after_s,
      (v.serial is not null) as revoked,
      a.posted_credits - a.posted_debits as reserved, a.pending_debits as held
    from grants g
    join reserves r on r.tenant = g.tenant and r.serial = g.serial
    join ledger_accounts a on a.tenant = g.tenant and a.account = 'reserve:' || g.serial and a.currency = g.currency
    left join revoked_grants v on v.tenant = g.tenant and v.serial = g.serial
    left join phone_keys k on k.tenant = g.tenant and k.account_id = ${accountId} and k.device_key = g.device_key
    where g.tenant = ${tenant} and g.owner = ${walletAccount(accountId)} and r.released_at_s is null
      and a.posted_credits - a.posted_debits > 0
    order by g.issued_at_s desc, g.serial limit ${grantsMax}`.execute(tx)
  const found = new Map<string, PhoneGrantInfo[]>()
  for (const row of rows) {
    const phoneId = row.phone_id ?? unnamedPhonePrefix + row.device_key
    const isOver = Number(row.not_after_s) < clock.nowS()
    const list = found.get(phoneId) ?? []
    list.push({
      serial: row.serial,
      state: row.revoked ? 'revoked' : isOver ? 'expired' : 'live',
      reservedMinor: Number(row.reserved),
      heldMinor: Number(row.held),
      notAfterS: Number(row.not_after_s),
      releaseAfterS: Number(row.release_after_s),
    })
    found.set(phoneId, list)
  }
  return found
}

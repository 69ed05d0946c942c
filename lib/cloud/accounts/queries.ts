/** What an account is and has: its passkeys, credit and sessions. */

import type { Selectable } from 'kysely'
import type { AccountResponse, PasskeyInfo } from '../api-types/account'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import type { PasskeyRow } from '../database/tables/accounts'
import { sessionsOfOwner } from '../ingest/queries'
import { reservedOf } from '../issuance/queries'
import { receivableAccount, walletAccount } from '../ledger/accounts'
import { balancesOf } from '../ledger/queries'

/** Newest first. */
export async function passkeysOf(
  tx: TenantTransaction,
  tenant: string,
  accountId: string,
): Promise<readonly PasskeyInfo[]> {
  const rows = await tx
    .selectFrom('passkeys')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('account_id', '=', accountId)
    .orderBy('created_at_s', 'desc')
    .orderBy('credential_id')
    .execute()
  return rows.map(passkeyInfo)
}

export const passkeyInfo = (row: Selectable<PasskeyRow>): PasskeyInfo => ({
  credentialId: row.credential_id,
  algorithm: row.algorithm,
  publicKey: row.step_up_key,
})

/** What a driver sees of its account. */
export async function accountOverview(cloud: Cloud, accountId: string): Promise<AccountResponse> {
  const { tenant, currency } = cloud.config
  return inTenant(cloud.db, tenant, async (tx) => {
    const owner = walletAccount(accountId)
    const receivable = receivableAccount(owner)
    const balances = await balancesOf(tx, tenant, [owner, receivable], currency)
    const { reservedMinor } = await reservedOf(tx, tenant, owner)
    const sessions = await sessionsOfOwner(tx, tenant, owner)
    return {
      accountId,
      balanceMinor: balances.get(owner)?.availableMinor ?? 0,
      reservedMinor,
      owedMinor: -(balances.get(receivable)?.postedMinor ?? 0) || 0,
      currency,
      passkeys: await passkeysOf(tx, tenant, accountId),
      sessions: sessions.map(({ serial: _serial, ...session }) => session),
    }
  })
}

/** Everything that the operator holds about an account, for its owner (GDPR, articles 15 and 20). No secrets. */

import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import { receivableAccount, walletAccount } from '../ledger/accounts'

/** Of each kind, the newest; nobody has charged more often. */
const rowsMax = 10_000

export interface AccountExport {
  readonly format: 'outpost-account/1'
  readonly madeAtS: number
  readonly operator: string
  readonly accountId: string
  readonly [part: string]: unknown
}

export async function exportAccount(cloud: Cloud, accountId: string): Promise<AccountExport> {
  const { tenant } = cloud.config
  return inTenant(cloud.db, tenant, async (tx) => ({
    format: 'outpost-account/1',
    madeAtS: cloud.clock.nowS(),
    operator: tenant,
    accountId,
    ...(await keysPart(tx, tenant, accountId)),
    ...(await consolePart(tx, tenant, accountId)),
    ...(await creditPart(tx, tenant, accountId)),
  }))
}

const keysPart = async (tx: TenantTransaction, tenant: string, accountId: string) => ({
  account: await tx
    .selectFrom('accounts')
    .select(['created_at_s', 'recovered_at_s'])
    .where('tenant', '=', tenant)
    .where('account_id', '=', accountId)
    .executeTakeFirst(),
  passkeys: await tx
    .selectFrom('passkeys')
    .where('tenant', '=', tenant)
    .where('account_id', '=', accountId)
    .limit(rowsMax)
    .select([
      'credential_id',
      'name',
      'algorithm',
      'step_up_key',
      'transports',
      'created_at_s',
      'last_used_at_s',
    ])
    .execute(),
  signIns: await tx
    .selectFrom('sign_ins')
    .where('tenant', '=', tenant)
    .where('account_id', '=', accountId)
    .limit(rowsMax)
    .select(['credential_id', 'phone_id', 'proved_at_s', 'expires_at_s'])
    .execute(),
  recoveryCodes: await tx
    .selectFrom('recovery_codes')
    .where('tenant', '=', tenant)
    .where('account_id', '=', accountId)
    .limit(rowsMax)
    .select(['created_at_s', 'used_at_s'])
    .execute(),
  phones: await tx
    .selectFrom('phones')
    .where('tenant', '=', tenant)
    .where('account_id', '=', accountId)
    .limit(rowsMax)
    .select(['phone_id', 'name', 'first_seen_at_s', 'last_seen_at_s', 'lost_at_s'])
    .execute(),
  phoneKeys: await tx
    .selectFrom('phone_keys')
    .where('tenant', '=', tenant)
    .where('account_id', '=', accountId)
    .limit(rowsMax)
    .select(['phone_id', 'device_key'])
    .execute(),
})

const consolePart = async (tx: TenantTransaction, tenant: string, accountId: string) => ({
  consolePeople: await tx
    .selectFrom('console_people')
    .select(['name', 'email', 'created_at_s'])
    .where('tenant', '=', tenant)
    .where('account_id', '=', accountId)
    .execute(),
  memberships: await tx
    .selectFrom('organisation_members')
    .select(['organisation_id', 'role', 'created_at_s'])
    .where('tenant', '=', tenant)
    .where('account_id', '=', accountId)
    .limit(rowsMax)
    .execute(),
  auditLines: await tx
    .selectFrom('audit_lines')
    .select(['action', 'subject', 'at_s'])
    .where('tenant', '=', tenant)
    .where('author', '=', accountId)
    .orderBy('at_s', 'desc')
    .limit(rowsMax)
    .execute(),
})

async function creditPart(tx: TenantTransaction, tenant: string, accountId: string) {
  const owner = walletAccount(accountId)
  const books = [owner, receivableAccount(owner)]
  return {
    grants: await tx
      .selectFrom('grants')
      .select(['serial', 'device_key', 'currency', 'cap_minor', 'spends_max', 'issued_at_s', 'not_after_s'])
      .where('tenant', '=', tenant)
      .where('owner', '=', owner)
      .orderBy('issued_at_s', 'desc')
      .limit(rowsMax)
      .execute(),
    sessions: await tx
      .selectFrom('charging_sessions')
      .select(['session_id', 'serial', 'charger_id', 'state', 'hold_minor', 'posted_minor', 'energy_wh'])
      .where('tenant', '=', tenant)
      .where('owner', '=', owner)
      .orderBy('session_id')
      .limit(rowsMax)
      .execute(),
    payments: await tx
      .selectFrom('card_payments')
      .select(['payment_id', 'purpose', 'provider', 'amount_minor', 'currency', 'state', 'created_at_s'])
      .where('tenant', '=', tenant)
      .where('owner', '=', owner)
      .orderBy('created_at_s', 'desc')
      .limit(rowsMax)
      .execute(),
    transfers: await tx
      .selectFrom('ledger_transfers')
      .select([
        'reference',
        'kind',
        'debit',
        'credit',
        'currency',
        'amount_minor',
        'effect',
        'reason',
        'created_at',
      ])
      .where('tenant', '=', tenant)
      .where(({ eb, or }) => or([eb('debit', 'in', books), eb('credit', 'in', books)]))
      .orderBy('created_at', 'desc')
      .limit(rowsMax)
      .execute(),
  }
}

/** The books on PostgreSQL, as the oracle compares them. */

import type { Cloud } from '@/lib/cloud/context'
import { inTenant, type TenantTransaction } from '@/lib/cloud/database/connection'
import type { CloudBooks } from './world-cloud'

export async function postgresBooks({ db, config: { tenant } }: Cloud): Promise<CloudBooks> {
  return inTenant(db, tenant, async (tx) => ({
    ...(await ledgerOf(tx, tenant)),
    ...(await sessionsOf(tx, tenant)),
    ...(await restOf(tx, tenant)),
  }))
}

async function ledgerOf(
  tx: TenantTransaction,
  tenant: string,
): Promise<Pick<CloudBooks, 'transfers' | 'accounts'>> {
  const transfers = await tx
    .selectFrom('ledger_transfers')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('reference')
    .orderBy('kind')
    .execute()
  const accounts = await tx
    .selectFrom('ledger_accounts')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('account')
    .orderBy('currency')
    .execute()
  return {
    transfers: transfers.map((row) => ({
      reference: row.reference,
      kind: row.kind,
      effect: row.effect,
      debit: row.debit,
      credit: row.credit,
      currency: row.currency,
      amountMinor: row.amount_minor,
      resolves: row.resolves_reference === null ? null : `${row.resolves_reference} ${row.resolves_kind}`,
    })),
    accounts: accounts.map((row) => ({
      account: row.account,
      currency: row.currency,
      postedMinor: row.posted_credits - row.posted_debits,
      pendingMinor: row.pending_debits,
    })),
  }
}

async function sessionsOf(
  tx: TenantTransaction,
  tenant: string,
): Promise<Pick<CloudBooks, 'sessions' | 'cases'>> {
  const sessions = await tx
    .selectFrom('charging_sessions')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('session_id')
    .execute()
  const cases = await tx
    .selectFrom('cases')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('case_id')
    .execute()
  return {
    sessions: sessions.map((row) => ({
      sessionId: row.session_id,
      serial: row.serial,
      owner: row.owner,
      state: row.state,
      hold: row.hold_state,
      holdMinor: row.hold_minor,
      postedMinor: row.posted_minor,
      disputedMinor: row.disputed_minor,
    })),
    cases: cases.map((row) => ({
      kind: row.kind,
      sessionId: row.session_id,
      serial: row.serial,
      chargerId: row.charger_id,
    })),
  }
}

async function restOf(
  tx: TenantTransaction,
  tenant: string,
): Promise<Pick<CloudBooks, 'logs' | 'revoked' | 'waiting'>> {
  const logs = await tx
    .selectFrom('device_logs')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('device')
    .orderBy('epoch')
    .execute()
  const revoked = await tx
    .selectFrom('revoked_grants')
    .select('serial')
    .where('tenant', '=', tenant)
    .orderBy('serial')
    .execute()
  const waiting = await tx
    .selectFrom('inbox')
    .select('item_id')
    .where('tenant', '=', tenant)
    .where('state', '=', 'waiting')
    .execute()
  return {
    logs: logs.map(({ device, epoch, size, root }) => ({ device, epoch, size, root })),
    revoked: revoked.map(({ serial }) => serial),
    waiting: waiting.length,
  }
}

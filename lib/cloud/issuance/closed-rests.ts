/**
 * What closed grants still hold. At its close a grant keeps what its open holds may need; when they have ended with
 * less, the rest goes back at once, instead of with everything else a month after the grant's end.
 */

import { grantSerial, type GrantSerial } from '@/lib/core/ids'
import { minorUnits } from '@/lib/core/units'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import { ownerAccount, receivableAccount, reserveAccount, type OwnerAccount } from '../ledger/accounts'
import { postTransfers } from '../ledger/commands'
import { lockedBalancesOf } from '../ledger/queries'
import { releaseRest, type ReserveRest } from './close-rule'

/** Closed grants that are looked at in one call. */
const restsPerCall = 100

/** For the worker: every owner's. Gives how many grants gave something back. */
export async function releaseClosedRests(cloud: Cloud): Promise<number> {
  const { tenant } = cloud.config
  const serials = await inTenant(cloud.db, tenant, (tx) => closedWithRest(cloud, tx, undefined))
  for (const serial of serials) await inTenant(cloud.db, tenant, (tx) => giveBack(cloud, tx, [serial]))
  return serials.length
}

/** Before anybody says that there is nothing to spend. */
export async function giveBackRests(cloud: Cloud, tx: TenantTransaction, owner: OwnerAccount): Promise<void> {
  await giveBack(cloud, tx, await closedWithRest(cloud, tx, owner))
}

async function closedWithRest(
  cloud: Cloud,
  tx: TenantTransaction,
  owner: OwnerAccount | undefined,
): Promise<readonly GrantSerial[]> {
  const { tenant } = cloud.config
  const rows = await tx
    .selectFrom('grant_closes')
    .innerJoin('reserves', (join) =>
      join
        .onRef('reserves.tenant', '=', 'grant_closes.tenant')
        .onRef('reserves.serial', '=', 'grant_closes.serial'),
    )
    .innerJoin('ledger_accounts', (join) =>
      join
        .onRef('ledger_accounts.tenant', '=', 'reserves.tenant')
        .onRef('ledger_accounts.currency', '=', 'reserves.currency')
        .on(({ eb, ref, val }) =>
          eb(ref('ledger_accounts.account'), '=', eb(val('reserve:'), '||', ref('reserves.serial'))),
        ),
    )
    .select('grant_closes.serial')
    .where('grant_closes.tenant', '=', tenant)
    .where('reserves.released_at_s', 'is', null)
    .$if(owner !== undefined, (query) => query.where('reserves.owner', '=', owner ?? ''))
    .where(({ eb, ref }) =>
      eb(
        eb('ledger_accounts.posted_credits', '-', ref('ledger_accounts.posted_debits')),
        '>',
        ref('ledger_accounts.pending_debits'),
      ),
    )
    .orderBy('grant_closes.serial')
    .limit(restsPerCall)
    .execute()
  return rows.map(({ serial }) => grantSerial(serial))
}

async function giveBack(cloud: Cloud, tx: TenantTransaction, serials: readonly GrantSerial[]): Promise<void> {
  for (const serial of serials) {
    const rest = await lockRest(cloud, tx, serial)
    if (rest === undefined) continue
    const posted = await postTransfers(tx, cloud.config.tenant, releaseRest(rest).transfers)
    if (!posted.ok) throw new Error(`Grant ${serial} cannot give back: ${JSON.stringify(posted.error)}`)
  }
}

/** A reserve with its figures, locked as reconciliation locks: reserve first, then accounts. */
export async function lockRest(
  cloud: Cloud,
  tx: TenantTransaction,
  serial: GrantSerial,
): Promise<ReserveRest | undefined> {
  const { tenant, currency } = cloud.config
  const row = await tx
    .selectFrom('reserves')
    .select('owner')
    .where('tenant', '=', tenant)
    .where('serial', '=', serial)
    .forUpdate()
    .executeTakeFirst()
  if (row === undefined) return undefined
  const owner = ownerAccount(row.owner)
  const [reserve, receivable] = [reserveAccount(serial), receivableAccount(owner)]
  const balances = await lockedBalancesOf(tx, tenant, [reserve, owner, receivable], currency)
  const { posted_debits: spentMinor } = await tx
    .selectFrom('ledger_accounts')
    .select('posted_debits')
    .where('tenant', '=', tenant)
    .where('account', '=', reserve)
    .where('currency', '=', currency)
    .executeTakeFirstOrThrow()
  return {
    serial,
    owner,
    currency,
    balanceMinor: balances.get(reserve)?.postedMinor ?? minorUnits(0),
    pendingMinor: balances.get(reserve)?.pendingMinor ?? minorUnits(0),
    owedMinor: -(balances.get(receivable)?.postedMinor ?? 0),
    spentMinor,
  }
}

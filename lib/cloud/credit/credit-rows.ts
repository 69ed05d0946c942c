/** A fleet's row of credit, and where it stands in the books. */

import type { Updateable } from 'kysely'
import type { TenantTransaction } from '../database/connection'
import type { FleetCreditRow } from '../database/tables/fleet-credit'
import { creditLineAccount, fleetAccount } from '../ledger/accounts'
import { balancesOf, lockedBalancesOf } from '../ledger/queries'
import type { CreditBooks } from './books'
import type { CreditPosition } from './free-credit'

export interface CreditTerms {
  readonly limitMinor: number
  readonly alertBelowMinor: number | null
  readonly alertedAtS: number | null
  /** Since when the operator lets nothing more be set aside, and what it told the fleet. */
  readonly frozenAtS: number | null
  readonly frozenBecause: string | null
}

const noTerms: CreditTerms = {
  ...{ limitMinor: 0, alertBelowMinor: null, alertedAtS: null, frozenAtS: null, frozenBecause: null },
}

export async function creditTermsOf(
  { config: { tenant } }: CreditBooks,
  tx: TenantTransaction,
  fleetId: string,
  isLocking = false,
): Promise<CreditTerms> {
  const row = await tx
    .selectFrom('fleet_credit')
    .select(['limit_minor', 'alert_below_minor', 'alerted_at_s', 'frozen_at_s', 'frozen_because'])
    .where('tenant', '=', tenant)
    .where('fleet_id', '=', fleetId)
    .$if(isLocking, (query) => query.forUpdate())
    .executeTakeFirst()
  if (row === undefined) return noTerms
  return {
    ...{ limitMinor: row.limit_minor, alertBelowMinor: row.alert_below_minor, alertedAtS: row.alerted_at_s },
    ...{ frozenAtS: row.frozen_at_s, frozenBecause: row.frozen_because },
  }
}

/** Locked in the order of everybody: the row of credit, then the accounts by their names. */
export async function lockPosition(
  cloud: CreditBooks,
  tx: TenantTransaction,
  fleetId: string,
): Promise<CreditPosition> {
  const { limitMinor } = await creditTermsOf(cloud, tx, fleetId, true)
  return positionWith(lockedBalancesOf, cloud, tx, fleetId, limitMinor)
}

export async function positionOf(
  cloud: CreditBooks,
  tx: TenantTransaction,
  fleetId: string,
): Promise<CreditPosition> {
  const { limitMinor } = await creditTermsOf(cloud, tx, fleetId)
  return positionWith(balancesOf, cloud, tx, fleetId, limitMinor)
}

async function positionWith(
  read: typeof balancesOf,
  { config: { tenant, currency } }: CreditBooks,
  tx: TenantTransaction,
  fleetId: string,
  limitMinor: number,
): Promise<CreditPosition> {
  const [own, line] = [fleetAccount(fleetId), creditLineAccount(fleetId)]
  const balances = await read(tx, tenant, [own, line], currency)
  return {
    availableMinor: balances.get(own)?.availableMinor ?? 0,
    drawnMinor: 0 - (balances.get(line)?.postedMinor ?? 0),
    limitMinor,
  }
}

/** Creates the row where it is missing; a change of it waits for whoever sets credit aside. */
export async function changeTerms(
  { config: { tenant } }: CreditBooks,
  tx: TenantTransaction,
  fleetId: string,
  change: Updateable<Omit<FleetCreditRow, 'tenant' | 'fleet_id'>>,
): Promise<void> {
  await tx
    .insertInto('fleet_credit')
    .values({ tenant, fleet_id: fleetId, ...change })
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'fleet_id']).doUpdateSet({ fleet_id: fleetId, ...change }),
    )
    .execute()
}

export const isFleet = async (
  { config: { tenant } }: CreditBooks,
  tx: TenantTransaction,
  fleetId: string,
): Promise<boolean> => {
  const fleet = await tx
    .selectFrom('fleets')
    .select('fleet_id')
    .where('tenant', '=', tenant)
    .where('fleet_id', '=', fleetId)
    .executeTakeFirst()
  return fleet !== undefined
}

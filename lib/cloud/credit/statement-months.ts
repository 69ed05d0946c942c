/**
 * What moved on a fleet's credit, by month. Months that are over are added up once, by the worker: a statement of long ago reads
 * sums of months, and transfers of the present one alone.
 */

import { sql } from 'kysely'
import type { CurrencyCode, OperatorId } from '@/lib/core/ids'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import { monthAfter, monthAt, presentMonth } from '../invoices/months'
import { creditLineAccount, fleetAccount, receivableAccount } from '../ledger/accounts'

export interface Moved {
  readonly kind: string
  /** Over the border, inwards less outwards. */
  readonly amount: number
  /** Between the fleet's own accounts. */
  readonly inside: number
  readonly transfers: number
}

interface FleetBooks {
  readonly tenant: OperatorId
  readonly currency: CurrencyCode
  readonly fleetId: string
}

interface MonthPlace {
  readonly month: string
  /** The first one that the fleet has. */
  readonly firstMonth: string
  readonly present: string
}

/** In the month, and from its end until now. */
export async function movedFrom(
  tx: TenantTransaction,
  { month, firstMonth, present, ...fleet }: FleetBooks & MonthPlace,
): Promise<{ readonly during: readonly Moved[]; readonly after: readonly Moved[] }> {
  const { tenant, fleetId } = fleet
  const row = await tx
    .selectFrom('fleet_counts')
    .select('months_until')
    .where('tenant', '=', tenant)
    .where('fleet_id', '=', fleetId)
    .executeTakeFirst()
  const until = row?.months_until ?? ''
  if (month < firstMonth || month >= until)
    return {
      during: await moved(tx, fleet, month, monthAfter(month)),
      // Nothing is dated beyond the present month.
      after: month >= present ? [] : await moved(tx, fleet, monthAfter(month), undefined),
    }
  const { rows } = await sql<Moved & { readonly month: string }>`
    select month, kind, amount_minor as amount, inside_minor as inside, transfers from fleet_statement_months
    where tenant = ${tenant} and fleet_id = ${fleetId} and month >= ${month} and month < ${until}`.execute(tx)
  return {
    during: rows.filter((one) => one.month === month),
    after: [...rows.filter((one) => one.month > month), ...(await moved(tx, fleet, until, undefined))],
  }
}

const startOf = (month: string) => sql`(${month}::text || '-01')::timestamp at time zone 'UTC'`

/**
 * Final transfers since a month began, before another one. Each has one leg or two among the fleet's accounts; one that has
 * two has moved nothing over the border.
 */
async function moved(
  tx: TenantTransaction,
  { tenant, currency, fleetId }: FleetBooks,
  from: string,
  to: string | undefined,
): Promise<readonly Moved[]> {
  const owner = fleetAccount(fleetId)
  const fixed = [owner, creditLineAccount(fleetId), receivableAccount(owner)]
  const fitting = sql`t.tenant = ${tenant} and t.currency = ${currency} and t.effect in ('post', 'post-pending')
    and t.created_at >= ${startOf(from)} ${to === undefined ? sql`` : sql`and t.created_at < ${startOf(to)}`}`
  // The index by credit leaves revenue and tax out, and is used where a query says so.
  const { rows } = await sql<Moved>`
    with own as (
      select unnest(${fixed}::text[]) as account
      union all
      select 'reserve:' || serial from reserves where tenant = ${tenant} and owner = ${owner}
    ), legs as (
      select t.reference, t.kind, t.amount_minor, 1 as sign
      from own join ledger_transfers t on t.credit = own.account and t.credit not in ('revenue', 'tax') and ${fitting}
      union all
      select t.reference, t.kind, t.amount_minor, -1
      from own join ledger_transfers t on t.debit = own.account and ${fitting}
    ), moved as (
      select reference, kind, min(amount_minor) as amount_minor, sum(sign) as sign from legs group by reference, kind
    )
    select kind, sum(amount_minor * sign)::bigint as amount,
      coalesce(sum(amount_minor) filter (where sign = 0), 0)::bigint as inside,
      count(*) filter (where sign <> 0)::bigint as transfers
    from moved group by 1`.execute(tx)
  return rows
}

const fleetsPerRound = 100

/** Adds up the months that are over and are not yet; gives how many those were. */
export async function addUpMonths(cloud: Cloud): Promise<number> {
  let months = 0
  let after = ''
  for (;;) {
    const fleets = await dueFleets(cloud, after)
    for (const { fleet_id: fleetId, created_at_s: createdAtS } of fleets)
      while (await addUpNext(cloud, fleetId, monthAt(createdAtS))) months += 1
    after = fleets.at(-1)?.fleet_id ?? ''
    if (fleets.length < fleetsPerRound) return months
  }
}

const dueFleets = (cloud: Cloud, after: string) =>
  inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant } = cloud.config
    const { rows } = await sql<{ fleet_id: string; created_at_s: number }>`
      select f.fleet_id, f.created_at_s from fleets f
      left join fleet_counts c on c.tenant = ${tenant} and c.fleet_id = f.fleet_id
      where f.tenant = ${tenant} and f.fleet_id > ${after} and coalesce(c.months_until, '') < ${await presentMonth(tx)}
      order by f.fleet_id limit ${fleetsPerRound}`.execute(tx)
    return rows
  })

/** False: no month is over. Another worker meanwhile waits for the row, and finds the month done. */
const addUpNext = (cloud: Cloud, fleetId: string, firstMonth: string): Promise<boolean> =>
  inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant, currency } = cloud.config
    const own = { tenant, fleet_id: fleetId }
    await tx
      .insertInto('fleet_counts')
      .values({ ...own, counted_at_s: 0 })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const { months_until: until } = await tx
      .selectFrom('fleet_counts')
      .select('months_until')
      .where('tenant', '=', tenant)
      .where('fleet_id', '=', fleetId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    const month = until === '' ? firstMonth : until
    const isOver = month < (await presentMonth(tx))
    if (isOver) {
      const sums = await moved(tx, { tenant, currency, fleetId }, month, monthAfter(month))
      const rows = sums.map(({ kind, amount, inside, transfers }) => ({
        ...{ ...own, month, kind, transfers },
        ...{ amount_minor: amount, inside_minor: inside },
      }))
      if (rows.length > 0) await tx.insertInto('fleet_statement_months').values(rows).execute()
    }
    if (isOver || until === '')
      await tx
        .updateTable('fleet_counts')
        .set({ months_until: isOver ? monthAfter(month) : month })
        .where('tenant', '=', tenant)
        .where('fleet_id', '=', fleetId)
        .execute()
    return isOver
  })

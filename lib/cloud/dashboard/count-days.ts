/**
 * Keeps the sums of fleets' sessions by day, and by month of each grant. A day that any session changed in is added up anew
 * from its rows, so that no difference can pile up; what did not change is left alone. Run by the worker.
 */

import { sql } from 'kysely'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import { isOfFleet } from '../database/fleet-sessions'
import { fleetAccount } from '../ledger/accounts'
import type { FleetOwner } from './risk'
import { dayS, monthsOf, runsOf, type Span } from './day-spans'

const everyS = 10
/** Rows are stamped before their transaction ends: whoever began so long ago has ended by now. */
const overlapS = 300

/** Brings every fleet's sums up to date; gives how many fleets that were. */
export async function countFleetDays(cloud: Cloud): Promise<number> {
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  const due = await inTenant(cloud.db, tenant, async (tx) => {
    const { rows } = await sql<{ fleet_id: string }>`
      select f.fleet_id from fleets f
      left join fleet_counts c on c.tenant = f.tenant and c.fleet_id = f.fleet_id
      where f.tenant = ${tenant} and coalesce(c.counted_at_s, 0) <= ${nowS - everyS}::bigint
      order by f.fleet_id`.execute(tx)
    return rows.map((row) => row.fleet_id)
  })
  for (const fleetId of due) await countFleet(cloud, fleetId)
  return due.length
}

export const countFleet = (cloud: Cloud, fleetId: string): Promise<void> =>
  inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant } = cloud.config
    const nowS = cloud.clock.nowS()
    await tx
      .insertInto('fleet_counts')
      .values({ tenant, fleet_id: fleetId, counted_at_s: 0 })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    // Two workers at once: the second one waits, and then finds little to do.
    const { counted_at_s: countedAtS } = await tx
      .selectFrom('fleet_counts')
      .select('counted_at_s')
      .where('tenant', '=', tenant)
      .where('fleet_id', '=', fleetId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    const fleet = { tenant, fleetId, owner: fleetAccount(fleetId) }
    const sinceS = Math.max(0, countedAtS - overlapS)
    const days = await changedDays(tx, fleet, sinceS)
    for (const run of runsOf(days)) await countDays(tx, fleet, run)
    for (const month of monthsOf(days)) await countGrantMonths(tx, fleet, sinceS, month)
    await tx
      .updateTable('fleet_counts')
      .set({ counted_at_s: nowS })
      .where('tenant', '=', tenant)
      .where('fleet_id', '=', fleetId)
      .execute()
  })

/** What evidence and people have made of it so far. */
const cost = sql`coalesce(s.posted_minor, 0) + s.upheld_minor - s.refunded_minor`

/** Sessions of the fleet that changed since; said as the index has it. */
const changed = ({ tenant, owner }: FleetOwner, sinceS: number) => sql`
  s.tenant = ${tenant} and s.owner = ${owner} and ${isOfFleet('s.owner')} and s.updated_at_s >= ${sinceS}::bigint
    and s.state <> 'orphan' and s.authorized_at_s is not null`

async function changedDays(tx: TenantTransaction, fleet: FleetOwner, sinceS: number): Promise<number[]> {
  const { rows } = await sql<{ day_s: number }>`
    select distinct s.authorized_at_s / ${dayS}::bigint * ${dayS}::bigint as day_s
    from charging_sessions s where ${changed(fleet, sinceS)} order by 1`.execute(tx)
  return rows.map((row) => row.day_s)
}

const sums = sql`count(*), coalesce(sum(s.energy_wh), 0)::bigint, sum(${cost})::bigint`

/** Tries of one phone that lie closer together are one person before one charger. */
const samePlugS = 600

/** A decline is a settled session without energy. */
async function countDays(
  tx: TenantTransaction,
  { tenant, fleetId, owner }: FleetOwner,
  { fromS, toS }: Span,
): Promise<void> {
  await sql`
    insert into fleet_days
      (tenant, fleet_id, day_s, sessions, energy_wh, cost_minor, answered, at_first, declined)
    select ${tenant}, ${fleetId}, s.day_s, ${sums}, count(*) filter (where s.answered),
      count(*) filter (where s.answered and s.energy_wh is not null and not s.again),
      count(*) filter (where s.answered and s.energy_wh is null)
    from (
      select s.authorized_at_s / ${dayS}::bigint * ${dayS}::bigint as day_s, s.energy_wh, s.posted_minor,
        s.upheld_minor, s.refunded_minor, s.state = 'settled' as answered, coalesce(
          lag(s.state = 'settled' and s.energy_wh is null) over one_phone
          and s.authorized_at_s - lag(s.authorized_at_s) over one_phone <= ${samePlugS}, false) as again
      from charging_sessions s
      where s.tenant = ${tenant} and s.owner = ${owner} and s.state <> 'orphan'
        and s.authorized_at_s >= ${fromS}::bigint and s.authorized_at_s < ${toS}::bigint
      window one_phone as (
        partition by s.authorized_at_s / ${dayS}::bigint, s.serial order by s.authorized_at_s, s.session_id)
    ) s
    group by s.day_s
    on conflict (tenant, fleet_id, day_s) do update set sessions = excluded.sessions,
      energy_wh = excluded.energy_wh, cost_minor = excluded.cost_minor, answered = excluded.answered,
      at_first = excluded.at_first, declined = excluded.declined`.execute(tx)
}

async function countGrantMonths(
  tx: TenantTransaction,
  fleet: FleetOwner,
  sinceS: number,
  { fromS, toS }: Span,
): Promise<void> {
  const { tenant, fleetId, owner } = fleet
  const inMonth = sql`s.authorized_at_s >= ${fromS}::bigint and s.authorized_at_s < ${toS}::bigint`
  // The first time everything has changed, and there is nothing to look up.
  const changedSerials = sql`
    select s.serial from charging_sessions s where ${changed(fleet, sinceS)} and ${inMonth}`
  await sql`
    insert into fleet_grant_months (tenant, fleet_id, month_s, serial, sessions, energy_wh, cost_minor)
    select ${tenant}, ${fleetId}, ${fromS}::bigint, s.serial, ${sums}
    from charging_sessions s
    where s.tenant = ${tenant} and s.owner = ${owner} and s.state <> 'orphan' and ${inMonth}
      and s.serial is not null
      ${sinceS === 0 ? sql`` : sql`and s.serial in (${changedSerials})`}
    group by s.serial
    on conflict (tenant, fleet_id, month_s, serial) do update set sessions = excluded.sessions,
      energy_wh = excluded.energy_wh, cost_minor = excluded.cost_minor`.execute(tx)
}

export interface DayFooting {
  readonly sessions: number
  readonly energyWh: number
  readonly costMinor: number
}

/** The sums of days, of months, and of the rows themselves: all three must say the same. Reads everything. */
export async function footings(
  tx: TenantTransaction,
  { tenant, fleetId, owner }: FleetOwner,
): Promise<readonly DayFooting[]> {
  const summed = (table: 'fleet_days' | 'fleet_grant_months') => sql`
    select coalesce(sum(sessions), 0)::bigint as sessions, coalesce(sum(energy_wh), 0)::bigint as "energyWh",
      coalesce(sum(cost_minor), 0)::bigint as "costMinor"
    from ${sql.table(table)} where tenant = ${tenant} and fleet_id = ${fleetId}`
  const { rows } = await sql<DayFooting>`
    ${summed('fleet_days')} union all ${summed('fleet_grant_months')} union all
    select count(*), coalesce(sum(s.energy_wh), 0)::bigint, coalesce(sum(${cost}), 0)::bigint
    from charging_sessions s where s.tenant = ${tenant} and s.owner = ${owner} and s.state <> 'orphan'`.execute(
    tx,
  )
  return rows
}

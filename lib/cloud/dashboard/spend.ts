/** What a fleet's sessions cost and delivered, from the sums that the worker keeps (count-days.ts). */

import { sql } from 'kysely'
import type { TenantTransaction } from '../database/connection'
import { isOfFleet } from '../database/fleet-sessions'
import { costliestMax, nearestMax } from './list-lengths'
import type { FleetOwner } from './risk'

/** When the sums were brought up to date; null where that never happened yet. */
export async function countedAtS(
  tx: TenantTransaction,
  { tenant, fleetId }: FleetOwner,
): Promise<number | null> {
  const row = await tx
    .selectFrom('fleet_counts')
    .select('counted_at_s')
    .where('tenant', '=', tenant)
    .where('fleet_id', '=', fleetId)
    .executeTakeFirst()
  return row === undefined || row.counted_at_s === 0 ? null : row.counted_at_s
}

export interface DaySpend {
  /** Midnight UTC. */
  readonly dayS: number
  readonly sessions: number
  readonly energyWh: number
  readonly costMinor: number
  /** Authorizations that a charger answered. */
  readonly answered: number
  /** Accepted, and none of the same phone declined within the ten minutes before. */
  readonly atFirst: number
  readonly declined: number
}

/** Days without sessions are absent; oldest first. */
export async function spendByDay(
  tx: TenantTransaction,
  { tenant, fleetId }: FleetOwner,
  sinceS: number,
): Promise<readonly DaySpend[]> {
  const { rows } = await sql<DaySpend>`
    select day_s as "dayS", sessions, energy_wh as "energyWh", cost_minor as "costMinor", answered,
      at_first as "atFirst", declined
    from fleet_days where tenant = ${tenant} and fleet_id = ${fleetId} and day_s >= ${sinceS}::bigint
    order by day_s limit 400`.execute(tx)
  return rows
}

export interface TokenSpend {
  readonly tokenId: string
  readonly driverName: string
  readonly driverId: string | null
  readonly vehicleId: string | null
  /** Of the fleet's lists; null where the token names none of them. */
  readonly holderName: string | null
  readonly plate: string | null
  /** 0: none. */
  readonly monthLimitMinor: number
  readonly isLive: boolean
  /** Since the month began. */
  readonly sessions: number
  readonly energyWh: number
  readonly costMinor: number
  /** Open holds, of whatever month. */
  readonly heldMinor: number
}

/** What a month's budget is made of, over all tokens that were used in it, hold money or have a budget. */
export interface MonthSums {
  readonly usedMinor: number
  readonly tokensWithBudget: number
  readonly budgetMinor: number
  readonly usedOfBudgetMinor: number
}

export interface MonthOfTokens {
  readonly sums: MonthSums
  /** All of the costliest drivers, all of the costliest vehicles, and those nearest to their budget. */
  readonly tokens: readonly TokenSpend[]
}

/** The lists are cut where the rows are: a fleet may have ten thousand tokens, and a page shows a few dozen. */
export async function monthOfTokens(
  tx: TenantTransaction,
  fleet: FleetOwner,
  { monthS, nowS }: { readonly monthS: number; readonly nowS: number },
): Promise<MonthOfTokens> {
  const { rows } = await sql<
    MonthSums & { readonly [figure in keyof TokenSpend]: TokenSpend[figure] | null }
  >`
    with ${tokensOfMonth(fleet, monthS, nowS)}, sums as (
      select coalesce(sum("usedMinor"), 0)::bigint as "usedMinor", count(*) filter (where "isLimited") as "tokensWithBudget",
        coalesce(sum("monthLimitMinor") filter (where "isLimited"), 0)::bigint as "budgetMinor",
        coalesce(sum("usedMinor") filter (where "isLimited"), 0)::bigint as "usedOfBudgetMinor"
      from tokens
    ), shown as (
      select t.* from tokens t
      where t."spenderId" in (${costliest('spenderId')}) or t."vehicleId" in (${costliest('vehicleId')})
        or t."tokenId" in (
          select "tokenId" from tokens where "isLimited" and "usedMinor" > 0
          order by "usedMinor"::float8 / "monthLimitMinor" desc, "tokenId" limit ${nearestMax})
    )
    select s.*, t."tokenId", t."driverName", t."driverId", t."vehicleId", t."monthLimitMinor", t."isLive", t.sessions,
      t."energyWh", t."costMinor", t."heldMinor", d.name as "holderName", v.plate
    from sums s left join shown t on true
    left join fleet_drivers d on d.tenant = ${fleet.tenant} and d.fleet_id = ${fleet.fleetId} and d.driver_id = t."driverId"
    left join fleet_vehicles v on v.tenant = ${fleet.tenant} and v.fleet_id = ${fleet.fleetId}
      and v.vehicle_id = t."vehicleId"`.execute(tx)
  const [sums = nothing] = rows
  const { usedMinor, tokensWithBudget, budgetMinor, usedOfBudgetMinor } = sums
  return {
    sums: { usedMinor, tokensWithBudget, budgetMinor, usedOfBudgetMinor },
    tokens: rows.filter((row): row is MonthSums & TokenSpend => row.tokenId !== null),
  }
}

const nothing: MonthSums = { usedMinor: 0, tokensWithBudget: 0, budgetMinor: 0, usedOfBudgetMinor: 0 }

const costliest = (by: 'spenderId' | 'vehicleId') => sql`
  select ${sql.ref(by)} from tokens where sessions > 0 and ${sql.ref(by)} is not null
  group by 1 order by sum("costMinor") desc, 1 limit ${costliestMax}`

const tokensOfMonth = ({ tenant, fleetId, owner }: FleetOwner, monthS: number, nowS: number) => sql`
  used as (
    select serial, sessions, energy_wh, cost_minor, 0 as held from fleet_grant_months
    where tenant = ${tenant} and fleet_id = ${fleetId} and month_s = ${monthS}::bigint
    union all
    select serial, 0, 0, 0, hold_minor from charging_sessions
    where tenant = ${tenant} and owner = ${owner} and hold_state = 'open' and ${isOfFleet('owner')}
  ), by_root as (
    select coalesce(g.root_serial, g.serial) as root, sum(u.sessions) as sessions, sum(u.energy_wh) as energy,
      sum(u.cost_minor) as cost, sum(u.held) as held
    from used u join grants g on g.tenant = ${tenant} and g.serial = u.serial
    group by 1
  ), tokens as materialized (
    select t.token_id as "tokenId", t.driver_name as "driverName", t.driver_id as "driverId",
      t.vehicle_id as "vehicleId", coalesce(t.driver_id, t.token_id) as "spenderId",
      t.month_limit_minor as "monthLimitMinor", v.live as "isLive", v.live and t.month_limit_minor > 0 as "isLimited",
      coalesce(b.sessions, 0)::bigint as sessions, coalesce(b.energy, 0)::bigint as "energyWh",
      coalesce(b.cost, 0)::bigint as "costMinor", coalesce(b.held, 0)::bigint as "heldMinor",
      (coalesce(b.cost, 0) + coalesce(b.held, 0))::bigint as "usedMinor"
    from fleet_tokens t left join by_root b on b.root = t.serial
    cross join lateral (select t.revoked_at_s is null and t.expires_at_s > ${nowS}::bigint as live) v
    where t.tenant = ${tenant} and t.fleet_id = ${fleetId} and (b.root is not null or t.month_limit_minor > 0)
  )`

/** When anything was heard last about any session of the fleet. */
export async function lastNewsS(
  tx: TenantTransaction,
  { tenant, owner }: FleetOwner,
): Promise<number | null> {
  const { rows } = await sql<{ at: number | null }>`
    select max(updated_at_s) as at from charging_sessions
    where tenant = ${tenant} and owner = ${owner} and ${isOfFleet('owner')}`.execute(tx)
  return rows[0]?.at ?? null
}

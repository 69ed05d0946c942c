/** What a fleet's sessions cost and delivered, from the sums that the worker keeps (count-days.ts). */

import { sql } from 'kysely'
import type { TenantTransaction } from '../database/connection'
import { isOfFleet } from '../database/fleet-sessions'
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

/** Of every token that was used this month, holds money or has a budget. */
export async function spendByToken(
  tx: TenantTransaction,
  { tenant, fleetId, owner }: FleetOwner,
  { monthS, nowS }: { readonly monthS: number; readonly nowS: number },
): Promise<readonly TokenSpend[]> {
  const { rows } = await sql<TokenSpend>`
    with used as (
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
    )
    select t.token_id as "tokenId", t.driver_name as "driverName", t.driver_id as "driverId",
      t.vehicle_id as "vehicleId", t.month_limit_minor as "monthLimitMinor",
      t.revoked_at_s is null and t.expires_at_s > ${nowS}::bigint as "isLive",
      coalesce(b.sessions, 0)::bigint as sessions, coalesce(b.energy, 0)::bigint as "energyWh",
      coalesce(b.cost, 0)::bigint as "costMinor", coalesce(b.held, 0)::bigint as "heldMinor"
    from fleet_tokens t left join by_root b on b.root = t.serial
    where t.tenant = ${tenant} and t.fleet_id = ${fleetId} and (b.root is not null or t.month_limit_minor > 0)`.execute(
    tx,
  )
  return rows
}

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

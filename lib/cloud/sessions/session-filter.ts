/**
 * Which of a fleet's sessions somebody asks for, as conditions on `charging_sessions s`. Names and devices are looked up
 * first, so that the sessions themselves are found by what their indexes hold: owner, grant, charger and time.
 */

import { sql, type RawBuilder } from 'kysely'
import type { OperatorId } from '@/lib/core/ids'
import type { TenantTransaction } from '../database/connection'
import { fleetAccount } from '../ledger/accounts'

/** `phone`: authorized, and only the phone has said so. `seen`: the charger too, but no receipt yet. */
export const fleetSessionStates = ['phone', 'seen', 'settled', 'case'] as const
export type FleetSessionState = (typeof fleetSessionStates)[number]

export interface SessionFilter {
  readonly state?: FleetSessionState | undefined
  readonly driver?: string | undefined
  readonly vehicle?: string | undefined
  readonly token?: string | undefined
  readonly site?: string | undefined
  /** Authorized in this second or later. */
  readonly fromS?: number | undefined
  /** Authorized before this second. */
  readonly toS?: number | undefined
  /** Part of the name on a token or card, or how a session's id begins. */
  readonly search?: string | undefined
}

export interface FilterScope {
  readonly tenant: OperatorId
  readonly fleetId: string
}

/** Tokens and cards of one name; a fleet that has more asks for less. */
const serialsMax = 5_000
const chargersMax = 2_000

/** Undefined: nothing can fit. */
export async function conditionsOf(
  tx: TenantTransaction,
  { tenant, fleetId }: FilterScope,
  filter: SessionFilter,
): Promise<readonly RawBuilder<unknown>[] | undefined> {
  const conditions: RawBuilder<unknown>[] = [
    sql`s.tenant = ${tenant}`,
    sql`s.owner = ${fleetAccount(fleetId)}`,
    sql`s.state <> 'orphan'`,
    ...stateConditions(tenant, filter.state),
  ]
  if (filter.fromS !== undefined) conditions.push(sql`s.authorized_at_s >= ${filter.fromS}::bigint`)
  if (filter.toS !== undefined) conditions.push(sql`s.authorized_at_s < ${filter.toS}::bigint`)
  const { driver, vehicle, token, search = '' } = filter
  if (driver !== undefined || vehicle !== undefined || token !== undefined) {
    const serials = await serialsOf(tx, tenant, [
      sql`t.fleet_id = ${fleetId}`,
      ...(driver === undefined ? [] : [sql`t.driver_id = ${driver}`]),
      ...(vehicle === undefined ? [] : [sql`t.vehicle_id = ${vehicle}`]),
      ...(token === undefined ? [] : [sql`t.token_id = ${token}`]),
    ])
    if (serials.length === 0) return undefined
    conditions.push(sql`s.serial = any(${serials}::text[])`)
  }
  if (filter.site !== undefined) {
    const chargers = await chargersOf(tx, tenant, filter.site)
    if (chargers.length === 0) return undefined
    conditions.push(sql`s.charger_id = any(${chargers}::text[])`)
  }
  if (search !== '') {
    const found = await searched(tx, { tenant, fleetId }, search)
    if (found === undefined) return undefined
    conditions.push(found)
  }
  return conditions
}

const openCase = (tenant: OperatorId): RawBuilder<unknown> =>
  sql`select k.session_id from cases k where k.tenant = ${tenant} and k.session_id is not null and k.state <> 'decided'`

function stateConditions(
  tenant: OperatorId,
  state: FleetSessionState | undefined,
): readonly RawBuilder<unknown>[] {
  if (state === undefined) return []
  if (state === 'case') return [sql`s.session_id in (${openCase(tenant)})`]
  const noCase = sql`not exists (${openCase(tenant)} and k.session_id = s.session_id)`
  if (state === 'settled') return [sql`s.state = 'settled'`, noCase]
  return [sql`s.state = 'seen'`, state === 'phone' ? sql`not s.by_charger` : sql`s.by_charger`, noCase]
}

/** A token's own grant and all that followed it. */
async function serialsOf(
  tx: TenantTransaction,
  tenant: OperatorId,
  ofTokens: readonly RawBuilder<unknown>[],
): Promise<readonly string[]> {
  const { rows } = await sql<{ serial: string }>`
    with t as (select t.serial from fleet_tokens t where t.tenant = ${tenant} and ${sql.join(ofTokens, sql` and `)})
    select serial from t
    union
    select g.serial from grants g join t on g.root_serial = t.serial where g.tenant = ${tenant}
    limit ${serialsMax}`.execute(tx)
  return rows.map(({ serial }) => serial)
}

async function chargersOf(
  tx: TenantTransaction,
  tenant: OperatorId,
  siteId: string,
): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('chargers')
    .select('charger_id')
    .where('tenant', '=', tenant)
    .where('site_id', '=', siteId)
    .limit(chargersMax)
    .execute()
  return rows.map((row) => row.charger_id)
}

async function searched(
  tx: TenantTransaction,
  { tenant, fleetId }: FilterScope,
  search: string,
): Promise<RawBuilder<unknown> | undefined> {
  const isNamed = sql`position(lower(${search}::text) in lower(t.driver_name)) > 0`
  const { rows: cards } = await sql<{ serial: string }>`
    select serial from fleet_cards where tenant = ${tenant} and fleet_id = ${fleetId}
      and position(lower(${search}::text) in lower(label)) > 0
    limit ${serialsMax}`.execute(tx)
  const serials = [
    ...(await serialsOf(tx, tenant, [sql`t.fleet_id = ${fleetId}`, isNamed])),
    ...cards.map(({ serial }) => serial),
  ]
  const prefix = search.toLowerCase()
  if (/^[0-9a-f]{6,32}$/.test(prefix))
    // Ids are hex digits: 'g' comes after each of them, in every order of text.
    return sql`(s.serial = any(${serials}::text[])
      or (s.session_id >= ${prefix}::text and s.session_id < ${`${prefix}g`}::text))`
  return serials.length === 0 ? undefined : sql`s.serial = any(${serials}::text[])`
}

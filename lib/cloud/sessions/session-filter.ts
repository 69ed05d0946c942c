/**
 * Which of a fleet's sessions somebody asks for, as conditions on `charging_sessions s`, and the way to the newest of them
 * that reads about as many rows as a page shows (ADR 0046). Names and devices are looked up first, so that the sessions
 * themselves are found by what their indexes hold: owner, grant, charger and time.
 */

import { sql, type RawBuilder } from 'kysely'
import type { OperatorId } from '@/lib/core/ids'
import { arrayOf } from '../database/array-literal'
import type { TenantTransaction } from '../database/connection'
import { isOfFleet } from '../database/fleet-sessions'
import { isNamedLike } from '../fleet/holders'
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
  /** Part of the name on a token or card, of a driver's name or a plate, or how a session's id begins. */
  readonly search?: string | undefined
}

export interface FilterScope {
  readonly tenant: OperatorId
  readonly fleetId: string
}

/**
 * `few`: no more fit than can be read and sorted at once. `time`: from the newest on until a page is full, since many fit or
 * an index holds no others. `either`: nobody knows; first among the newest, then all at once. `charger`: each of a site's
 * chargers is asked for its newest.
 */
export type WayToNewest =
  | { readonly by: 'few' | 'time' | 'either' }
  | { readonly by: 'charger'; readonly chargers: readonly string[] }

export interface Wanted {
  /** Whose, and when. */
  readonly within: readonly RawBuilder<unknown>[]
  readonly conditions: readonly RawBuilder<unknown>[]
  readonly way: WayToNewest
}

/** Of so many grants and cards all sessions are read at once. */
const fewSerials = 200
/** As many are sought by what they are called; of more by who they belong to. */
const serialsMax = 50_000
const idsMax = 500
const chargersMax = 2_000

/** All that a fleet has; an orphan is nobody's yet. */
const ofFleet = ({ tenant, fleetId }: FilterScope): RawBuilder<unknown> =>
  sql`s.tenant = ${tenant} and s.owner = ${fleetAccount(fleetId)} and ${isOfFleet('s.owner')} and s.state <> 'orphan'`

/** Undefined: nothing can fit. */
export async function wantedOf(
  tx: TenantTransaction,
  scope: FilterScope,
  filter: SessionFilter,
): Promise<Wanted | undefined> {
  const { tenant } = scope
  const { state, site, fromS, toS } = filter
  const within = [ofFleet(scope)]
  if (fromS !== undefined) within.push(sql`s.authorized_at_s >= ${fromS}::bigint`)
  if (toS !== undefined) within.push(sql`s.authorized_at_s < ${toS}::bigint`)
  const conditions = [...stateConditions(tenant, state)]
  let by: 'few' | 'time' | 'either' = state === 'case' ? 'few' : 'time'
  for (const found of [await spentFrom(tx, scope, filter), await searched(tx, scope, filter.search ?? '')]) {
    if (found === 'nothing') return undefined
    if (found === 'anything') continue
    conditions.push(found.condition)
    if (by !== 'few') by = found.by
  }
  if (site === undefined) return { within, conditions, way: { by } }
  const chargers = await chargersOf(tx, tenant, site)
  if (chargers.length === 0) return undefined
  // What is under way has an index of its own, by time.
  if (by !== 'few' && state !== 'phone' && state !== 'seen')
    return { within, conditions, way: { by: 'charger', chargers } }
  return { within, conditions: [...conditions, atOneOf(chargers)], way: { by } }
}

export const atOneOf = (chargers: readonly string[]): RawBuilder<unknown> =>
  sql`s.charger_id = any(${arrayOf(chargers)}::text[])`

/** One of the fleet's own. */
export const wantedOne = (scope: FilterScope, sessionId: string): Wanted => ({
  within: [ofFleet(scope)],
  conditions: [sql`s.session_id = ${sessionId}`],
  way: { by: 'few' },
})

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

type Found =
  'anything' | 'nothing' | { readonly condition: RawBuilder<unknown>; readonly by: 'few' | 'time' | 'either' }

async function spentFrom(
  tx: TenantTransaction,
  { tenant, fleetId }: FilterScope,
  { driver, vehicle, token }: SessionFilter,
): Promise<Found> {
  if (driver === undefined && vehicle === undefined && token === undefined) return 'anything'
  return bySerial(
    tx,
    serialsOf(tenant, [
      sql`t.fleet_id = ${fleetId}`,
      ...(driver === undefined ? [] : [sql`t.driver_id = ${driver}`]),
      ...(vehicle === undefined ? [] : [sql`t.vehicle_id = ${vehicle}`]),
      ...(token === undefined ? [] : [sql`t.token_id = ${token}`]),
    ]),
  )
}

/** Tokens' own grants and all that followed them. */
const serialsOf = (tenant: OperatorId, ofTokens: readonly RawBuilder<unknown>[]): RawBuilder<unknown> => sql`
  with t as (select t.serial from fleet_tokens t where t.tenant = ${tenant} and ${sql.join(ofTokens, sql` and `)})
  select serial from t union select g.serial from grants g join t on g.root_serial = t.serial where g.tenant = ${tenant}`

async function bySerial(tx: TenantTransaction, serials: RawBuilder<unknown>): Promise<Found> {
  const { rows } = await sql<{ serial: string }>`
    select n.serial from (${serials}) n limit ${serialsMax + 1}`.execute(tx)
  if (rows.length === 0) return 'nothing'
  if (rows.length > serialsMax) return { condition: sql`s.serial in (${serials})`, by: 'time' }
  const array = arrayOf(rows.map(({ serial }) => serial))
  return {
    condition: sql`s.serial = any(${array}::text[])`,
    by: rows.length > fewSerials ? 'either' : 'few',
  }
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

async function searched(tx: TenantTransaction, scope: FilterScope, search: string): Promise<Found> {
  if (search === '') return 'anything'
  const { tenant, fleetId } = scope
  const named = await bySerial(
    tx,
    sql`(${serialsOf(tenant, [sql`t.fleet_id = ${fleetId}`, isNamedLike(scope, search)])})
      union select f.serial from fleet_cards f where f.tenant = ${tenant} and f.fleet_id = ${fleetId}
        and position(lower(${search}::text) in lower(f.label)) > 0`,
  )
  const ids = await idsFrom(tx, scope, search.toLowerCase())
  if (named === 'anything' || ids.length === 0) return named
  const isOne = sql`s.session_id = any(${arrayOf(ids)}::text[])`
  return named === 'nothing'
    ? { condition: isOne, by: 'few' }
    : { condition: sql`(${named.condition} or ${isOne})`, by: named.by }
}

/** Of the fleet's sessions that begin so. */
async function idsFrom(
  tx: TenantTransaction,
  scope: FilterScope,
  prefix: string,
): Promise<readonly string[]> {
  if (!/^[0-9a-f]{6,32}$/.test(prefix)) return []
  // Ids are hex digits: 'g' comes after each of them, in every order of text.
  const { rows } = await sql<{ session_id: string }>`
    select s.session_id from charging_sessions s
    where ${ofFleet(scope)} and s.session_id >= ${prefix}::text and s.session_id < ${`${prefix}g`}::text
    order by s.session_id limit ${idsMax}`.execute(tx)
  return rows.map((row) => row.session_id)
}

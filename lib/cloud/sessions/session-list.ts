/** A fleet's sessions, newest first, a page at a time; and what all that fit a filter add up to. */

import { sql, type RawBuilder } from 'kysely'
import { fromBase64Url, toBase64Url, utf8 } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import { holderNames, holdersIn, joinHolders, type HolderNames, type Holders } from '../fleet/holders'
import { newestOf } from './newest-sessions'
import {
  atOneOf,
  wantedOf,
  wantedOne,
  type FilterScope,
  type FleetSessionState,
  type SessionFilter,
  type Wanted,
} from './session-filter'

export interface ListedSession extends Holders {
  readonly sessionId: string
  readonly state: FleetSessionState
  /** The name on the token, or the card's label; empty where neither is known. */
  readonly driverName: string
  readonly tokenId: string | null
  readonly isCard: boolean
  readonly siteLabel: string | null
  readonly bayLabel: string | null
  readonly chargerId: string | null
  readonly energyWh: number | null
  readonly holdMinor: number
  /** Posted and upheld less what came back; null before the first receipt. */
  readonly totalMinor: number | null
  readonly taxMinor: number | null
  readonly refundedMinor: number
  readonly currency: string
  readonly authorizedAtS: number
  readonly updatedAtS: number
  readonly byPhone: boolean
  readonly byCharger: boolean
}

/** Where the page before ended. */
export interface Place {
  readonly authorizedAtS: number
  readonly sessionId: string
}

const pageSize = 50

export async function sessionsOfFleet(
  cloud: Cloud,
  fleetId: string,
  {
    after,
    limit: count = pageSize,
    ...filter
  }: SessionFilter & { readonly after?: string | undefined; readonly limit?: number | undefined },
): Promise<Result<{ readonly sessions: readonly ListedSession[]; readonly next: string | null }, Refusal>> {
  const { tenant } = cloud.config
  const place = after === undefined ? undefined : readPlace(after)
  if (after !== undefined && place === undefined) return err(refusal('api.malformed'))
  const found = await inTenant(cloud.db, tenant, (tx) =>
    readSessions(tx, { tenant, fleetId }, filter, place, count + 1),
  )
  const sessions = found.slice(0, count)
  const last = sessions.at(-1)
  return ok({ sessions, next: found.length > count && last !== undefined ? placeText(last) : null })
}

/** The page first, and only then the names of what stands on it. */
export async function readSessions(
  tx: TenantTransaction,
  scope: FilterScope,
  filter: SessionFilter,
  place: Place | undefined,
  countMax: number,
): Promise<readonly ListedSession[]> {
  const wanted = await wantedOf(tx, scope, filter)
  if (wanted === undefined) return []
  const here = { ...wanted, within: [...wanted.within, ...beyond(place)] }
  const found = await selectSessions(tx, scope, here, countMax)
  // Fewer than a page among the newest: then they are so rare that all of them can be read.
  return wanted.way.by === 'either' && found.length < countMax
    ? selectSessions(tx, scope, { ...here, way: { by: 'few' } }, countMax)
    : found
}

/** One of the fleet's own; undefined for everybody else's. */
export async function sessionOf(
  tx: TenantTransaction,
  scope: FilterScope,
  sessionId: string,
): Promise<ListedSession | undefined> {
  const [found] = await selectSessions(tx, scope, wantedOne(scope, sessionId), 1)
  return found
}

async function selectSessions(
  tx: TenantTransaction,
  { tenant, fleetId }: FilterScope,
  wanted: Wanted,
  countMax: number,
): Promise<readonly ListedSession[]> {
  const { rows } = await sql<Row>`
    select p.*, t.token_id, coalesce(t.driver_name, f.label, '') as driver_name, f.serial is not null as is_card,
      ${holderNames},
      exists (select from cases k where k.tenant = ${tenant} and k.session_id = p.session_id and k.state <> 'decided')
        as has_case
    from (${newestOf(wanted, countMax)}) p
    left join grants g on g.tenant = ${tenant} and g.serial = p.serial
    left join fleet_tokens t on t.tenant = ${tenant} and t.serial = coalesce(g.root_serial, p.serial)
      and t.fleet_id = ${fleetId}
    left join fleet_cards f on f.tenant = ${tenant} and f.serial = p.serial and f.fleet_id = ${fleetId}
    ${joinHolders({ tenant, fleetId }, 't')}
    order by p.authorized_at_s desc, p.session_id`.execute(tx)
  return rows.map(listed)
}

interface Row extends HolderNames {
  session_id: string
  state: 'seen' | 'settled'
  has_case: boolean
  driver_name: string
  token_id: string | null
  is_card: boolean
  site_label: string | null
  bay_label: string | null
  charger_id: string | null
  energy_wh: number | null
  hold_minor: number
  posted_minor: number | null
  posted_tax_minor: number
  upheld_minor: number
  upheld_tax_minor: number
  refunded_minor: number
  refunded_tax_minor: number
  currency: string
  authorized_at_s: number
  updated_at_s: number
  by_phone: boolean
  by_charger: boolean
}

const listed = (row: Row): ListedSession => ({
  sessionId: row.session_id,
  state: stateOf(row),
  driverName: row.driver_name,
  ...holdersIn(row),
  tokenId: row.token_id,
  isCard: row.is_card,
  siteLabel: row.site_label,
  bayLabel: row.bay_label,
  chargerId: row.charger_id,
  energyWh: row.energy_wh,
  holdMinor: row.hold_minor,
  totalMinor: row.posted_minor === null ? null : row.posted_minor + row.upheld_minor - row.refunded_minor,
  taxMinor:
    row.posted_minor === null ? null : row.posted_tax_minor + row.upheld_tax_minor - row.refunded_tax_minor,
  refundedMinor: row.refunded_minor,
  currency: row.currency,
  authorizedAtS: row.authorized_at_s,
  updatedAtS: row.updated_at_s,
  byPhone: row.by_phone,
  byCharger: row.by_charger,
})

/** An open case outweighs everything else: somebody looks at it. */
function stateOf(row: Pick<Row, 'state' | 'has_case' | 'by_charger'>): FleetSessionState {
  if (row.has_case) return 'case'
  if (row.state === 'settled') return 'settled'
  return row.by_charger ? 'seen' : 'phone'
}

export interface SessionTotals {
  readonly sessions: number
  readonly energyWh: number
  readonly totalMinor: number
  /** Open holds: the most that sessions without a receipt can still cost. */
  readonly heldMinor: number
  /** False where more sessions fit than are added up. */
  readonly isWhole: boolean
}

/** So many of the newest are added up: a sum over more would keep everybody waiting. */
const addedUpMax = 50_000

export async function totalsOfFleet(
  cloud: Cloud,
  fleetId: string,
  filter: SessionFilter,
): Promise<Result<SessionTotals, Refusal>> {
  const { tenant } = cloud.config
  return inTenant(cloud.db, tenant, async (tx) => {
    const wanted = await wantedOf(tx, { tenant, fleetId }, filter)
    if (wanted === undefined) return ok(nothing)
    const { within, conditions, way } = wanted
    const fitting = [...within, ...conditions, ...(way.by === 'charger' ? [atOneOf(way.chargers)] : [])]
    const { rows } = await sql<SessionTotals>`
      select count(*) as sessions, coalesce(sum(energy_wh), 0)::bigint as "energyWh",
        coalesce(sum(posted_minor + upheld_minor - refunded_minor), 0)::bigint as "totalMinor",
        coalesce(sum(hold_minor) filter (where hold_state = 'open'), 0)::bigint as "heldMinor",
        true as "isWhole"
      from (
        select s.* from charging_sessions s where ${sql.join(fitting, sql` and `)}
        order by s.authorized_at_s desc limit ${addedUpMax + 1}
      ) s`.execute(tx)
    const [found = nothing] = rows
    return ok({ ...found, isWhole: found.sessions <= addedUpMax })
  })
}

const nothing: SessionTotals = { sessions: 0, energyWh: 0, totalMinor: 0, heldMinor: 0, isWhole: true }

const beyond = (place: Place | undefined): readonly RawBuilder<unknown>[] =>
  place === undefined
    ? []
    : [
        sql`s.authorized_at_s <= ${place.authorizedAtS}::bigint`,
        sql`(s.authorized_at_s < ${place.authorizedAtS}::bigint or s.session_id > ${place.sessionId})`,
      ]

const placeText = ({ authorizedAtS, sessionId }: Place): string =>
  toBase64Url(utf8(`${authorizedAtS} ${sessionId}`))

function readPlace(text: string): Place | undefined {
  const bytes = fromBase64Url(text)
  const parts =
    bytes === undefined ? null : /^(\d{1,15}) ([0-9a-f]{32})$/.exec(new TextDecoder().decode(bytes))
  const [, authorizedAtS, sessionId] = parts ?? []
  return authorizedAtS === undefined || sessionId === undefined
    ? undefined
    : { authorizedAtS: Number(authorizedAtS), sessionId }
}

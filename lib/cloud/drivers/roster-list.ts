/** A fleet's drivers or vehicles, a page at a time, with what each has cost this month. */

import { sql } from 'kysely'
import { fromBase64Url, toBase64Url, utf8 } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { Cloud } from '../context'
import { inTenant, transact, type TenantTransaction } from '../database/connection'
import { monthStartS } from '../issuance/fleet-budget'
import { tablesOf, type RosterKind } from './roster-kinds'

export interface RosterQuery {
  readonly state?: 'active' | 'removed' | undefined
  readonly search?: string | undefined
  readonly cursor?: string | undefined
}

interface Spending {
  readonly removedAtS: number | null
  readonly tokens: number
  readonly spentMonthMinor: number
}
export interface ListedDriver extends Spending {
  readonly driverId: string
  readonly name: string
  readonly reference: string | null
  readonly email: string | null
}
export interface ListedVehicle extends Spending {
  readonly vehicleId: string
  readonly plate: string
  readonly name: string | null
  readonly class: number
}

const pageSize = 50

export async function driversOf(cloud: Cloud, fleetId: string, query: RosterQuery) {
  const page = await pageOf(cloud, fleetId, 'drivers', query)
  return page.ok ? ok({ ...page.value.place, drivers: page.value.rows.map(asDriver) }) : page
}

export async function vehiclesOf(cloud: Cloud, fleetId: string, query: RosterQuery) {
  const page = await pageOf(cloud, fleetId, 'vehicles', query)
  return page.ok ? ok({ ...page.value.place, vehicles: page.value.rows.map(asVehicle) }) : page
}

export async function driverOf(cloud: Cloud, fleetId: string, id: string) {
  const row = await oneOf(cloud, fleetId, 'drivers', id)
  return row.ok ? ok(asDriver(row.value)) : row
}

export async function vehicleOf(cloud: Cloud, fleetId: string, id: string) {
  const row = await oneOf(cloud, fleetId, 'vehicles', id)
  return row.ok ? ok(asVehicle(row.value)) : row
}

/** Of either list; what a list lacks is not there. */
interface Row {
  id: string
  title: string
  sort_key: string
  name: string | null
  reference: string | null
  email: string | null
  vehicle_class: number
  removed_at_s: number | null
  tokens: number
  in_month: number
}

const spendingOf = (row: Row): Spending => ({
  removedAtS: row.removed_at_s,
  tokens: row.tokens,
  spentMonthMinor: row.in_month,
})
const asDriver = (row: Row): ListedDriver => ({
  ...{ driverId: row.id, name: row.title, reference: row.reference, email: row.email },
  ...spendingOf(row),
})
const asVehicle = (row: Row): ListedVehicle => ({
  ...{ vehicleId: row.id, plate: row.title, name: row.name, class: row.vehicle_class },
  ...spendingOf(row),
})

interface Page {
  readonly rows: readonly Row[]
  readonly place: { readonly next: string | null; readonly total: number }
}

const pageOf = (
  cloud: Cloud,
  fleetId: string,
  kind: RosterKind,
  { state = 'active', search = '', cursor }: RosterQuery,
): Promise<Result<Page, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant } = cloud.config
    const { table, id, title } = tablesOf[kind]
    const place = cursor === undefined ? undefined : placeIn(cursor)
    if (cursor !== undefined && place === undefined) return err(refusal('api.malformed'))
    const columns = kind === 'drivers' ? ['r.name', 'r.reference', 'r.email'] : ['r.plate', 'r.name']
    const within = sql`r.tenant = ${tenant} and r.fleet_id = ${fleetId}
      and (r.removed_at_s is ${sql.raw(state === 'active' ? 'null' : 'not null')})
      and ${
        search === ''
          ? sql`true`
          : sql`(${sql.join(
              columns.map((column) => sql`position(lower(${search}::text) in lower(${sql.ref(column)})) > 0`),
              sql` or `,
            )})`
      }`
    const counted = await sql<{ total: number }>`
      select count(*)::integer as total from ${sql.table(table)} r where ${within}`.execute(tx)
    const sortKey = sql`lower(r.${sql.ref(title)})`
    const after =
      place === undefined
        ? sql`true`
        : sql`(${sortKey}, r.${sql.ref(id)}) > (${place.key}::text, ${place.id}::text)`
    const found = await read(cloud, tx, fleetId, kind, sql`${within} and ${after}`)
    const rows = found.slice(0, pageSize)
    const last = rows.at(-1)
    const next = found.length > pageSize && last !== undefined ? cursorOf(last) : null
    return ok({ rows, place: { next, total: counted.rows[0]?.total ?? 0 } })
  })

const oneOf = (cloud: Cloud, fleetId: string, kind: RosterKind, id: string): Promise<Result<Row, Refusal>> =>
  inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const within = sql`r.tenant = ${cloud.config.tenant} and r.fleet_id = ${fleetId}
      and r.${sql.ref(tablesOf[kind].id)} = ${id}`
    const [row] = await read(cloud, tx, fleetId, kind, within)
    return row === undefined ? err(refusal('api.not-found')) : ok(row)
  })

/** The page first, and only then the tokens and sessions of whom stands on it. */
async function read(
  cloud: Cloud,
  tx: TenantTransaction,
  fleetId: string,
  kind: RosterKind,
  condition: ReturnType<typeof sql>,
): Promise<readonly Row[]> {
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  const { table, id, title } = tablesOf[kind]
  const cells =
    kind === 'drivers'
      ? sql`r.name, r.reference, r.email, 0 as vehicle_class`
      : sql`r.name, null as reference, null as email, r.vehicle_class`
  const { rows } = await sql<Row>`
    select p.*, s.tokens, s.in_month
    from (
      select r.${sql.ref(id)} as id, r.${sql.ref(title)} as title, lower(r.${sql.ref(title)}) as sort_key,
        ${cells}, r.removed_at_s
      from ${sql.table(table)} r where ${condition}
      order by lower(r.${sql.ref(title)}), r.${sql.ref(id)} limit ${pageSize + 1}
    ) p
    cross join lateral (
      select count(*) filter (where t.revoked_at_s is null and t.expires_at_s > ${nowS}::bigint)::integer as tokens,
        coalesce(sum(m.spent), 0)::bigint as in_month
      from fleet_tokens t
      cross join lateral (
        select sum(coalesce(c.posted_minor, c.hold_minor)) as spent
        from grants g join charging_sessions c on c.tenant = ${tenant} and c.serial = g.serial
        where g.tenant = ${tenant} and (g.serial = t.serial or g.root_serial = t.serial)
          and c.authorized_at_s >= ${monthStartS(nowS)}::bigint
      ) m
      where t.tenant = ${tenant} and t.fleet_id = ${fleetId} and t.${sql.ref(id)} = p.id
    ) s
    order by p.sort_key, p.id`.execute(tx)
  return rows
}

const cursorOf = ({ sort_key: key, id }: Row): string => toBase64Url(utf8(`${id} ${key}`))

function placeIn(text: string): { readonly id: string; readonly key: string } | undefined {
  const bytes = fromBase64Url(text)
  const parts = bytes === undefined ? null : /^([0-9a-f]{32}) (.+)$/su.exec(new TextDecoder().decode(bytes))
  const [, id, key] = parts ?? []
  return id === undefined || key === undefined ? undefined : { id, key }
}

/** Drivers and vehicles one by one: added, changed, removed and brought back. Who was removed keeps the name in old bills. */

import { sql } from 'kysely'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { transact, type TenantTransaction } from '../database/connection'
import { lockFleet } from '../fleet/lock-fleet'
import { randomId } from '../secrets'
import { columnsOf, matchKeyOf, rosterLimits, tablesOf, type Cells, type RosterKind } from './roster-kinds'

export interface RosterAct {
  readonly fleetId: string
  readonly kind: RosterKind
  readonly author: string
}
export interface OneAct extends RosterAct {
  readonly id: string
}

const actionOf = (kind: RosterKind, act: string): string =>
  `${kind === 'drivers' ? 'driver' : 'vehicle'}.${act}`

/** The same key adds once. A reference or plate that is on the list already is refused. */
export const addToRoster = (
  cloud: Cloud,
  order: RosterAct & { readonly cells: Cells; readonly idempotencyKey: string },
): Promise<Result<string, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant } = cloud.config
    const { fleetId, kind, cells, idempotencyKey, author } = order
    const { table, id: idColumn } = tablesOf[kind]
    await lockFleet(tx, tenant, fleetId)
    const known = await sql<{ id: string }>`
      select ${sql.ref(idColumn)} as id from ${sql.table(table)}
      where tenant = ${tenant} and fleet_id = ${fleetId} and idempotency_key = ${idempotencyKey}`.execute(tx)
    const [first] = known.rows
    if (first !== undefined) return ok(first.id)
    if (await isTaken(tx, tenant, order, matchKeyOf(cells), null)) return err(refusal('api.conflict'))
    if ((await countOf(tx, tenant, fleetId, kind)) >= rosterLimits.rowsMax)
      return err(refusal('api.too-large'))
    const id = randomId(cloud.random)
    const fields = { ...cells, [idColumn]: id, match_key: matchKeyOf(cells), idempotency_key: idempotencyKey }
    await sql`
      insert into ${sql.table(table)}
        (tenant, fleet_id, created_at_s, ${sql.join(Object.keys(fields).map((name) => sql.ref(name)))})
      values (${tenant}, ${fleetId}, ${cloud.clock.nowS()}, ${sql.join(Object.values(fields))})`.execute(tx)
    await writeAuditLine(cloud, tx, author, actionOf(kind, 'add'), id, fleetId)
    return ok(id)
  })

export const changeInRoster = (
  cloud: Cloud,
  order: OneAct & { readonly cells: Cells },
): Promise<Result<Record<string, never>, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant } = cloud.config
    const { kind, cells, id } = order
    const matchKey = matchKeyOf(cells)
    await lockFleet(tx, tenant, order.fleetId)
    const row = await rowOf(tx, tenant, order)
    if (row === undefined) return err(refusal('api.not-found'))
    if (row.removed_at_s === null && (await isTaken(tx, tenant, order, matchKey, id)))
      return err(refusal('api.conflict'))
    const values = new Map<string, unknown>(Object.entries(cells))
    const set = columnsOf[kind].map((column) => sql`${sql.ref(column)} = ${values.get(column) ?? null}`)
    await update(tx, tenant, order, sql`${sql.join(set)}, match_key = ${matchKey}`)
    await writeAuditLine(cloud, tx, order.author, actionOf(kind, 'change'), id, order.fleetId)
    return ok({})
  })

/** Withdraws no token, and says how many can still be spent. */
export const removeFromRoster = (
  cloud: Cloud,
  order: OneAct,
): Promise<Result<{ readonly tokens: number }, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant } = cloud.config
    const nowS = cloud.clock.nowS()
    await lockFleet(tx, tenant, order.fleetId)
    const row = await rowOf(tx, tenant, order)
    if (row === undefined) return err(refusal('api.not-found'))
    if (row.removed_at_s === null) {
      await update(tx, tenant, order, sql`removed_at_s = ${nowS}`)
      await writeAuditLine(cloud, tx, order.author, actionOf(order.kind, 'remove'), order.id, order.fleetId)
    }
    const counted = await sql<{ tokens: number }>`
      select count(*)::integer as tokens from fleet_tokens t
      where t.tenant = ${tenant} and t.fleet_id = ${order.fleetId}
        and t.${sql.ref(tablesOf[order.kind].id)} = ${order.id}
        and t.revoked_at_s is null and t.expires_at_s > ${nowS}::bigint`.execute(tx)
    return ok({ tokens: counted.rows[0]?.tokens ?? 0 })
  })

/** Refused where somebody else has the reference or plate meanwhile. */
export const restoreToRoster = (
  cloud: Cloud,
  order: OneAct,
): Promise<Result<Record<string, never>, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant } = cloud.config
    await lockFleet(tx, tenant, order.fleetId)
    const row = await rowOf(tx, tenant, order)
    if (row === undefined) return err(refusal('api.not-found'))
    if (row.removed_at_s === null) return ok({})
    if (await isTaken(tx, tenant, order, row.match_key, order.id)) return err(refusal('api.conflict'))
    await update(tx, tenant, order, sql`removed_at_s = null`)
    await writeAuditLine(cloud, tx, order.author, actionOf(order.kind, 'restore'), order.id, order.fleetId)
    return ok({})
  })

interface Stored {
  removed_at_s: number | null
  match_key: string | null
}

async function rowOf(tx: TenantTransaction, tenant: string, order: OneAct): Promise<Stored | undefined> {
  const { table, id } = tablesOf[order.kind]
  const { rows } = await sql<Stored>`
    select removed_at_s, match_key from ${sql.table(table)}
    where tenant = ${tenant} and fleet_id = ${order.fleetId} and ${sql.ref(id)} = ${order.id}
    for update`.execute(tx)
  return rows[0]
}

async function isTaken(
  tx: TenantTransaction,
  tenant: string,
  { kind, fleetId }: RosterAct,
  matchKey: string | null,
  exceptId: string | null,
): Promise<boolean> {
  if (matchKey === null) return false
  const { table, id } = tablesOf[kind]
  const { rows } = await sql`
    select 1 from ${sql.table(table)}
    where tenant = ${tenant} and fleet_id = ${fleetId} and match_key = ${matchKey} and removed_at_s is null
      and ${sql.ref(id)} is distinct from ${exceptId}::text limit 1`.execute(tx)
  return rows.length > 0
}

export async function countOf(
  tx: TenantTransaction,
  tenant: string,
  fleetId: string,
  kind: RosterKind,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from ${sql.table(tablesOf[kind].table)}
    where tenant = ${tenant} and fleet_id = ${fleetId}`.execute(tx)
  return rows[0]?.count ?? 0
}

const update = (
  tx: TenantTransaction,
  tenant: string,
  { kind, fleetId, id }: OneAct,
  set: ReturnType<typeof sql>,
): Promise<unknown> => {
  const { table, id: idColumn } = tablesOf[kind]
  return sql`
    update ${sql.table(table)} set ${set}, version = version + 1
    where tenant = ${tenant} and fleet_id = ${fleetId} and ${sql.ref(idColumn)} = ${id}`.execute(tx)
}

/** Many rows of a list at once, each act one statement: what stands, what comes, what changes. */

import { sql } from 'kysely'
import type { TenantTransaction } from '../database/connection'
import type { StandingRow } from './plan-import'
import { columnsOf, matchKeyOf, tablesOf, type Cells, type RosterKind } from './roster-kinds'

export interface RosterOf {
  readonly tenant: string
  readonly fleetId: string
  readonly kind: RosterKind
}

interface RowCells {
  readonly id: string
  readonly cells: Cells
}

/** All that are on the list; `rosterLimits.rowsMax` bounds them. */
export async function standingRows(
  tx: TenantTransaction,
  tenant: string,
  fleetId: string,
  kind: RosterKind,
): Promise<readonly StandingRow[]> {
  const { table, id } = tablesOf[kind]
  const { rows } = await sql<{ id: string; version: number; cells: Cells }>`
    select ${sql.ref(id)} as id, version,
      jsonb_build_object(${sql.raw(columnsOf[kind].map((column) => `'${column}', ${column}`).join(', '))}) as cells
    from ${sql.table(table)}
    where tenant = ${tenant} and fleet_id = ${fleetId} and removed_at_s is null`.execute(tx)
  return rows
}

const asJson = (rows: readonly RowCells[]): string =>
  JSON.stringify(rows.map(({ id, cells }) => ({ ...cells, id, match_key: matchKeyOf(cells) })))

export async function addRows(
  tx: TenantTransaction,
  { tenant, fleetId, kind, nowS }: RosterOf & { readonly nowS: number },
  rows: readonly RowCells[],
): Promise<void> {
  if (rows.length === 0) return
  const { table, id, recordset } = tablesOf[kind]
  const columns = sql.raw(columnsOf[kind].join(', '))
  await sql`
    insert into ${sql.table(table)} (tenant, fleet_id, created_at_s, ${sql.ref(id)}, match_key, ${columns})
    select ${tenant}, ${fleetId}, ${nowS}::bigint, r.id, r.match_key, ${sql.raw(columnsOf[kind].map((column) => `r.${column}`).join(', '))}
    from jsonb_to_recordset(${asJson(rows)}::jsonb) as r(id text, match_key text, ${sql.raw(recordset)})`.execute(
    tx,
  )
}

export async function changeRows(
  tx: TenantTransaction,
  { tenant, fleetId, kind }: RosterOf,
  rows: readonly RowCells[],
): Promise<void> {
  if (rows.length === 0) return
  const { table, id, recordset } = tablesOf[kind]
  const set = sql.raw(columnsOf[kind].map((column) => `${column} = r.${column}`).join(', '))
  await sql`
    update ${sql.table(table)} as d set ${set}, match_key = r.match_key, version = d.version + 1
    from jsonb_to_recordset(${asJson(rows)}::jsonb) as r(id text, match_key text, ${sql.raw(recordset)})
    where d.tenant = ${tenant} and d.fleet_id = ${fleetId} and d.${sql.ref(id)} = r.id`.execute(tx)
}

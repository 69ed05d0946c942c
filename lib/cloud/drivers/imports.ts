/** Imports of whole lists: looked at before anything is written, taken at once, told, and taken back. */

import { sql } from 'kysely'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { inTenant, transact, type TenantTransaction } from '../database/connection'
import { lockFleet } from '../fleet/lock-fleet'
import { randomId } from '../secrets'
import { countOf } from './change-roster'
import { countsOf, planImport, type ImportCounts, type PlannedRow } from './plan-import'
import { readRows, type RefusedRow } from './read-rows'
import { rosterLimits, type Cells, type RosterKind } from './roster-kinds'
import { addRows, changeRows, standingRows } from './roster-rows'

export interface ImportOrder {
  readonly fleetId: string
  readonly kind: RosterKind
  readonly csv: string
}

const shownMax = 200
const refusedShownMax = 1_000
const importsShown = 20

interface PreviewRow {
  readonly line: number
  readonly action: PlannedRow['action']
  readonly name: string | null
  readonly reference?: string | null
  readonly email?: string | null
  readonly plate?: string
  readonly class?: number
}

export interface Preview {
  readonly counts: ImportCounts
  readonly rows: readonly PreviewRow[]
  readonly refused: readonly RefusedRow[]
}

/** Writes nothing. */
export const previewOf = (
  cloud: Cloud,
  { fleetId, kind, csv }: ImportOrder,
): Promise<Result<Preview, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const read = readRows(kind, csv)
    if (!read.ok) return read
    const { refused } = read.value
    const standing = await standingRows(tx, cloud.config.tenant, fleetId, kind)
    const plan = planImport(kind, read.value, standing)
    return ok({
      counts: countsOf(plan, refused.length),
      rows: plan.slice(0, shownMax).map(shown),
      refused: refused.slice(0, refusedShownMax),
    })
  })

function shown({ line, action, cells }: PlannedRow): PreviewRow {
  if (!('plate' in cells)) return { line, action, ...cells }
  const { plate, name, vehicle_class: index } = cells
  return { line, action, plate, name, class: index }
}

export interface TakeOrder extends ImportOrder {
  readonly idempotencyKey: string
  readonly author: string
}

export interface Taken {
  readonly importId: string
  readonly counts: ImportCounts
}

/** The same key takes a file once. Refused rows are left out and kept as a file to mend. */
export const takeImport = (cloud: Cloud, order: TakeOrder): Promise<Result<Taken, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant } = cloud.config
    const { fleetId, kind, idempotencyKey, author } = order
    await lockFleet(tx, tenant, fleetId)
    const known = await tx
      .selectFrom('fleet_imports')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('fleet_id', '=', fleetId)
      .where('idempotency_key', '=', idempotencyKey)
      .executeTakeFirst()
    if (known !== undefined) return ok({ importId: known.import_id, counts: storedCounts(known) })
    const read = readRows(kind, order.csv)
    if (!read.ok) return read
    const plan = planImport(kind, read.value, await standingRows(tx, tenant, fleetId, kind))
    const counts = countsOf(plan, read.value.refused.length)
    if ((await countOf(tx, tenant, fleetId, kind)) + counts.add > rosterLimits.rowsMax)
      return err(refusal('api.too-large'))
    const importId = randomId(cloud.random)
    await tx
      .insertInto('fleet_imports')
      .values({
        ...{ tenant, import_id: importId, fleet_id: fleetId, idempotency_key: idempotencyKey, kind, author },
        ...{ at_s: cloud.clock.nowS(), added: counts.add, changed: counts.change, same: counts.same },
        ...{ refused: counts.refused, refused_csv: read.value.refusedCsv },
      })
      .execute()
    await write(cloud, tx, { fleetId, kind, importId }, plan)
    await writeAuditLine(cloud, tx, author, 'import.take', importId, fleetId)
    return ok({ importId, counts })
  })

async function write(
  cloud: Cloud,
  tx: TenantTransaction,
  {
    fleetId,
    kind,
    importId,
  }: { readonly fleetId: string; readonly kind: RosterKind; readonly importId: string },
  plan: readonly PlannedRow[],
): Promise<void> {
  const { tenant } = cloud.config
  const added = plan
    .filter((row) => row.action === 'add')
    .map(({ cells }) => ({ id: randomId(cloud.random), cells }))
  const changed = plan.flatMap((row) =>
    row.action === 'change' ? [{ id: row.standing.id, cells: row.cells, standing: row.standing }] : [],
  )
  await addRows(tx, { tenant, fleetId, kind, nowS: cloud.clock.nowS() }, added)
  await changeRows(tx, { tenant, fleetId, kind }, changed)
  const rows = [
    ...added.map(({ id }) => ({ row_id: id, version: 1, before: null as Cells | null })),
    ...changed.map(({ id, standing }) => ({
      row_id: id,
      version: standing.version + 1,
      before: standing.cells,
    })),
  ]
  await sql`
    insert into fleet_import_rows (tenant, import_id, fleet_id, row_id, version, before)
    select ${tenant}, ${importId}, ${fleetId}, r.row_id, r.version, r.before
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(row_id text, version integer, before jsonb)`.execute(
    tx,
  )
}

const storedCounts = (row: {
  added: number
  changed: number
  same: number
  refused: number
}): ImportCounts => ({
  ...{ add: row.added, change: row.changed, same: row.same, refused: row.refused },
})

export const importsOf = (cloud: Cloud, fleetId: string) =>
  inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const rows = await tx
      .selectFrom('fleet_imports')
      .select(['import_id', 'kind', 'at_s', 'added', 'changed', 'same', 'refused', 'undone_at_s'])
      .where('tenant', '=', cloud.config.tenant)
      .where('fleet_id', '=', fleetId)
      .where('forgotten_at_s', 'is', null)
      .orderBy('at_s', 'desc')
      .orderBy('import_id')
      .limit(importsShown)
      .execute()
    return ok({
      imports: rows.map((row) => ({
        ...{ importId: row.import_id, kind: row.kind, atS: row.at_s, undoneAtS: row.undone_at_s },
        counts: storedCounts(row),
      })),
    })
  })

/** The refused rows of an import, as a file to mend. */
export const refusedRowsOf = (
  cloud: Cloud,
  fleetId: string,
  importId: string,
): Promise<Result<string, Refusal>> =>
  inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const row = await tx
      .selectFrom('fleet_imports')
      .select('refused_csv')
      .where('forgotten_at_s', 'is', null)
      .where('tenant', '=', cloud.config.tenant)
      .where('fleet_id', '=', fleetId)
      .where('import_id', '=', importId)
      .executeTakeFirst()
    return row === undefined ? err(refusal('api.not-found')) : ok(row.refused_csv)
  })

export interface Undone {
  readonly takenBack: number
  readonly kept: number
}

/** Once: a second time takes nothing back. What was changed since, or is named by a token, stays. */
export const undoImport = (
  cloud: Cloud,
  order: { readonly fleetId: string; readonly importId: string; readonly author: string },
): Promise<Result<Undone, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant } = cloud.config
    const { fleetId, importId, author } = order
    await lockFleet(tx, tenant, fleetId)
    const taken = await tx
      .selectFrom('fleet_imports')
      .select(['kind', 'undone_at_s', 'added', 'changed'])
      .where('forgotten_at_s', 'is', null)
      .where('tenant', '=', tenant)
      .where('fleet_id', '=', fleetId)
      .where('import_id', '=', importId)
      .executeTakeFirst()
    if (taken === undefined) return err(refusal('api.not-found'))
    if (taken.undone_at_s !== null) return err(refusal('api.conflict'))
    const takenBack = await takeBack(tx, tenant, { ...order, kind: taken.kind })
    await tx
      .updateTable('fleet_imports')
      .set({ undone_at_s: cloud.clock.nowS() })
      .where('tenant', '=', tenant)
      .where('import_id', '=', importId)
      .execute()
    await writeAuditLine(cloud, tx, author, 'import.undo', importId, fleetId)
    return ok({ takenBack, kept: taken.added + taken.changed - takenBack })
  })

interface Undoing {
  readonly fleetId: string
  readonly importId: string
  readonly kind: RosterKind
}

async function takeBack(
  tx: TenantTransaction,
  tenant: string,
  { fleetId, importId, kind }: Undoing,
): Promise<number> {
  const { rows: touched } = await sql<{ row_id: string; version: number; before: Cells | null }>`
    select row_id, version, before from fleet_import_rows
    where tenant = ${tenant} and fleet_id = ${fleetId} and import_id = ${importId}`.execute(tx)
  const standing = new Map((await standingRows(tx, tenant, fleetId, kind)).map((row) => [row.id, row]))
  const untouched = touched.filter(({ row_id: id, version }) => standing.get(id)?.version === version)
  const column = sql.ref(kind === 'drivers' ? 'driver_id' : 'vehicle_id')
  const table = sql.table(kind === 'drivers' ? 'fleet_drivers' : 'fleet_vehicles')
  const added = untouched.filter(({ before }) => before === null).map(({ row_id: id }) => id)
  const { rows: deleted } = await sql`
    delete from ${table} where tenant = ${tenant} and fleet_id = ${fleetId}
      and ${column} in (select jsonb_array_elements_text(${JSON.stringify(added)}::jsonb))
      and ${column} not in (
        select t.${column} from fleet_tokens t
        where t.tenant = ${tenant} and t.fleet_id = ${fleetId} and t.${column} is not null)
    returning 1`.execute(tx)
  // An import finds a row by its number or plate, so a row that nobody touched since has the same one before and after.
  const changed = untouched.flatMap(({ row_id: id, before }) =>
    before === null ? [] : [{ id, cells: before }],
  )
  await changeRows(tx, { tenant, fleetId, kind }, changed)
  return deleted.length + changed.length
}

/**
 * Forgets what has served its time, in bounded steps, as a role of its own: the application cannot delete evidence,
 * and this role can delete nothing else. Money rows, histories of cases and device logs are never deleted.
 */

import { sql } from 'kysely'
import type { OperatorId } from '@/lib/core/ids'
import { inTenant, type Database, type TenantTransaction } from './connection'

export const retentionRole = 'outpost_retention'

const dayS = 86_400

/** How long each kind is kept after nothing happens to it any more. docs/ledger.md says why. */
export const retentionDays = {
  /** Uploads that were worked through: what they brought is kept as events and evidence. */
  inbox: 30,
  /** What proved nothing. */
  quarantine: 90,
  /** Signed pieces of settled sessions and decided cases: longer than any accounting law asks for vouchers. */
  evidence: 3_653,
  /** What an import was taken back by, and the rows that it refused. */
  imports: 90,
  /** Drivers and vehicles that a fleet took off its lists: over a year, so that the books of one are closed with their names. */
  roster: 400,
} as const

export interface Forgotten {
  readonly inboxItems: number
  readonly quarantinePieces: number
  readonly sessions: number
  readonly caseEvidencePieces: number
  readonly imports: number
  readonly rosterRows: number
}

/** Rows of each kind in one transaction, so that no lock and no transaction grows with what has piled up. */
const stepRowsMax = 500

/** Everything that is due, step by step; ends early where `signal` says so. `db` acts as the retention role. */
export async function forgetAllOld(
  db: Database,
  tenant: OperatorId,
  nowS: number,
  signal?: AbortSignal,
): Promise<Forgotten> {
  const total = {
    ...{ inboxItems: 0, quarantinePieces: 0, sessions: 0 },
    caseEvidencePieces: 0,
    imports: 0,
    rosterRows: 0,
  }
  for (let isDone = false; !isDone && signal?.aborted !== true;) {
    const step = await forgetOld(db, tenant, nowS)
    total.inboxItems += step.inboxItems
    total.quarantinePieces += step.quarantinePieces
    total.sessions += step.sessions
    total.caseEvidencePieces += step.caseEvidencePieces
    total.imports += step.imports
    total.rosterRows += step.rosterRows
    isDone = step.isDone
  }
  return total
}

/** One step; call again while `isDone` is false. `db` acts as the retention role. */
export async function forgetOld(
  db: Database,
  tenant: OperatorId,
  nowS: number,
): Promise<Forgotten & { readonly isDone: boolean }> {
  return inTenant(db, tenant, async (tx) => {
    const inboxItems = await forgetInbox(tx, tenant, nowS - retentionDays.inbox * dayS)
    const quarantinePieces = await forgetQuarantine(tx, tenant, nowS - retentionDays.quarantine * dayS)
    const evidenceBeforeS = nowS - retentionDays.evidence * dayS
    const { sessions, pieces } = await forgetSessions(tx, tenant, evidenceBeforeS, nowS)
    const caseEvidencePieces = pieces + (await forgetCases(tx, tenant, evidenceBeforeS))
    const imports = await forgetImports(tx, tenant, nowS - retentionDays.imports * dayS, nowS)
    const rosterRows = await forgetRoster(tx, tenant, nowS - retentionDays.roster * dayS)
    const whole = imports === importsAtOnce ? stepRowsMax : 0
    const most = Math.max(
      whole,
      inboxItems,
      quarantinePieces,
      sessions,
      caseEvidencePieces - pieces,
      rosterRows,
    )
    const done = { inboxItems, quarantinePieces, sessions, caseEvidencePieces, imports, rosterRows }
    return { ...done, isDone: most < stepRowsMax }
  })
}

async function forgetInbox(tx: TenantTransaction, tenant: OperatorId, beforeS: number): Promise<number> {
  const { rows } = await sql`
    delete from inbox where tenant = ${tenant} and item_id in (
      select item_id from inbox
      where tenant = ${tenant} and state <> 'waiting' and done_at_s < ${beforeS}::bigint
      order by done_at_s, item_id limit ${stepRowsMax})
    returning 1`.execute(tx)
  return rows.length
}

async function forgetQuarantine(tx: TenantTransaction, tenant: OperatorId, beforeS: number): Promise<number> {
  const { rows } = await sql`
    delete from quarantine where tenant = ${tenant} and quarantine_id in (
      select quarantine_id from quarantine
      where tenant = ${tenant} and received_at_s < ${beforeS}::bigint
      order by received_at_s, quarantine_id limit ${stepRowsMax})
    returning 1`.execute(tx)
  return rows.length
}

/**
 * A session without its evidence cannot be judged anew, so it is marked: whatever still arrives for it changes nothing.
 * Sessions with an open hold, a pending difference or an undecided case are kept, however old they are.
 */
async function forgetSessions(
  tx: TenantTransaction,
  tenant: OperatorId,
  beforeS: number,
  nowS: number,
): Promise<{ readonly sessions: number; readonly pieces: number }> {
  const { rows } = await sql<{ session_id: string }>`
    select session_id from charging_sessions s
    where s.tenant = ${tenant} and s.evidence_forgotten_at_s is null and s.updated_at_s < ${beforeS}::bigint
      and s.hold_state <> 'open' and s.disputed_minor = 0
      and not exists (
        select from cases c where c.tenant = ${tenant} and c.session_id = s.session_id
          and (c.state <> 'decided' or c.updated_at_s >= ${beforeS}::bigint))
    order by s.session_id limit ${stepRowsMax} for update`.execute(tx)
  if (rows.length === 0) return { sessions: 0, pieces: 0 }
  const ids = rows.map(({ session_id: id }) => id)
  await sql`delete from session_evidence where tenant = ${tenant} and session_id = any(${ids}::text[])`.execute(
    tx,
  )
  const pieces = await sql`
    delete from case_evidence where tenant = ${tenant} and case_id in (
      select case_id from cases where tenant = ${tenant} and session_id = any(${ids}::text[]))
    returning 1`.execute(tx)
  await sql`
    update charging_sessions set evidence_forgotten_at_s = ${nowS}::bigint
    where tenant = ${tenant} and session_id = any(${ids}::text[])`.execute(tx)
  return { sessions: ids.length, pieces: pieces.rows.length }
}

/** Of cases about no session, such as a charger with two histories. */
async function forgetCases(tx: TenantTransaction, tenant: OperatorId, beforeS: number): Promise<number> {
  const { rows } = await sql`
    delete from case_evidence where tenant = ${tenant} and (case_id, hash, label) in (
      select e.case_id, e.hash, e.label from case_evidence e join cases c on c.tenant = ${tenant} and c.case_id = e.case_id
      where e.tenant = ${tenant} and c.session_id is null and c.state = 'decided' and c.updated_at_s < ${beforeS}::bigint
      order by e.case_id, e.hash, e.label limit ${stepRowsMax})
    returning 1`.execute(tx)
  return rows.length
}

/** Few at a time: each may have brought thousands of rows. */
const importsAtOnce = 5

/** The counts stay; it can no longer be taken back. */
async function forgetImports(
  tx: TenantTransaction,
  tenant: OperatorId,
  beforeS: number,
  nowS: number,
): Promise<number> {
  const { rows } = await sql<{ import_id: string }>`
    update fleet_imports set refused_csv = '', forgotten_at_s = ${nowS}::bigint
    where tenant = ${tenant} and import_id in (
      select import_id from fleet_imports
      where tenant = ${tenant} and forgotten_at_s is null and at_s < ${beforeS}::bigint
      order by at_s, import_id limit ${importsAtOnce} for update skip locked)
    returning import_id`.execute(tx)
  const ids = rows.map(({ import_id: id }) => id)
  if (ids.length > 0)
    await sql`delete from fleet_import_rows where tenant = ${tenant} and import_id = any(${ids}::text[])`.execute(
      tx,
    )
  return ids.length
}

/** Sessions and invoices keep their figures; whose they were is not told any more. */
async function forgetRoster(tx: TenantTransaction, tenant: OperatorId, beforeS: number): Promise<number> {
  let count = 0
  for (const [table, id] of [
    ['fleet_drivers', 'driver_id'],
    ['fleet_vehicles', 'vehicle_id'],
  ] as const) {
    const { rows } = await sql`
      delete from ${sql.table(table)} where tenant = ${tenant} and ${sql.ref(id)} in (
        select ${sql.ref(id)} from ${sql.table(table)}
        where tenant = ${tenant} and removed_at_s < ${beforeS}::bigint
        order by removed_at_s, ${sql.ref(id)} limit ${stepRowsMax})
      returning 1`.execute(tx)
    count += rows.length
  }
  return count
}

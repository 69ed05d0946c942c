/** Cases for consoles and figures: lists by pages, one case with its history and evidence, counts. */

import { sql } from 'kysely'
import { toBytes, type Bytes } from '@/lib/core/bytes'
import type { OperatorId } from '@/lib/core/ids'
import type { TenantTransaction } from '../database/connection'
import type { CaseState, CaseEnding } from './case-machine'

export interface CaseSummary {
  readonly caseId: string
  readonly kind: string
  readonly code: string
  readonly state: CaseState
  readonly verdict: CaseEnding | null
  /** Who has it, or who decided it. */
  readonly takenBy: string | null
  /** 1 for the first case about a thing; more when evidence came after a verdict. */
  readonly round: number
  readonly sessionId: string | null
  readonly serial: string | null
  readonly chargerId: string | null
  readonly openedAtS: number
  readonly updatedAtS: number
  /** Pending until a verdict; null when the case is about no session. */
  readonly disputedMinor: number | null
  readonly currency: string | null
}

/** Every part narrows; an empty filter is all cases. */
export interface CaseFilter {
  readonly states?: readonly CaseState[]
  readonly kinds?: readonly string[]
  readonly sessionId?: string
  readonly serial?: string
  readonly chargerId?: string
  readonly takenBy?: string
  /** Account of the wallet or fleet that pays. */
  readonly owner?: string
}

export interface CasePage {
  readonly cases: readonly CaseSummary[]
  /** Give it back for the next page; null on the last one. */
  readonly next: string | null
}

const pageSizeMax = 200
export const undecidedStates: readonly CaseState[] = ['open', 'in-review', 'waiting-for-evidence']

interface CaseColumns {
  case_id: string
  kind: string
  code: string
  state: CaseState
  verdict: CaseEnding | null
  taken_by: string | null
  round: number
  session_id: string | null
  serial: string | null
  charger_id: string | null
  opened_at_s: number
  updated_at_s: number
  disputed_minor: number | null
  currency: string | null
}

/** Oldest first: they have waited longest. A cursor that cannot be read starts at the beginning. */
export async function listCases(
  tx: TenantTransaction,
  tenant: OperatorId,
  filter: CaseFilter,
  page: { readonly size?: number; readonly after?: string } = {},
): Promise<CasePage> {
  const size = Math.max(1, Math.min(page.size ?? 50, pageSizeMax))
  const after = readCursor(page.after)
  const { rows } = await sql<CaseColumns>`
    ${caseColumns(tenant)}
      and (${filter.states ?? null}::text[] is null or c.state = any(${filter.states ?? null}::text[]))
      and (${filter.kinds ?? null}::text[] is null or c.kind = any(${filter.kinds ?? null}::text[]))
      and (${filter.sessionId ?? null}::text is null or c.session_id = ${filter.sessionId ?? null})
      and (${filter.serial ?? null}::text is null or c.serial = ${filter.serial ?? null})
      and (${filter.chargerId ?? null}::text is null or c.charger_id = ${filter.chargerId ?? null})
      and (${filter.takenBy ?? null}::text is null or c.taken_by = ${filter.takenBy ?? null})
      and (${filter.owner ?? null}::text is null or s.owner = ${filter.owner ?? null} or exists (
        select from reserves r where r.tenant = ${tenant} and r.serial = c.serial and r.owner = ${filter.owner ?? null}))
      and (${after?.openedAtS ?? null}::bigint is null
        or (c.opened_at_s, c.case_id) > (${after?.openedAtS ?? null}::bigint, ${after?.caseId ?? null}::text))
    order by c.opened_at_s, c.case_id
    limit ${size + 1}`.execute(tx)
  const cases = rows.slice(0, size).map(summary)
  const last = cases.at(-1)
  return { cases, next: rows.length > size && last !== undefined ? `${last.openedAtS}.${last.caseId}` : null }
}

const caseColumns = (tenant: OperatorId) => sql`
    select c.case_id, c.kind, c.code, c.state, c.verdict, c.taken_by, c.round, c.session_id, c.serial, c.charger_id,
      c.opened_at_s, c.updated_at_s, s.disputed_minor, s.currency
    from cases c
    left join charging_sessions s on s.tenant = ${tenant} and s.session_id = c.session_id
    where c.tenant = ${tenant}`

function readCursor(text = ''): { readonly openedAtS: number; readonly caseId: string } | undefined {
  const [, openedAtS, caseId] = /^(\d{1,12})\.([0-9a-f]{32})$/.exec(text) ?? []
  return openedAtS === undefined || caseId === undefined
    ? undefined
    : { openedAtS: Number(openedAtS), caseId }
}

const summary = (row: CaseColumns): CaseSummary => ({
  caseId: row.case_id,
  kind: row.kind,
  code: row.code,
  state: row.state,
  verdict: row.verdict,
  takenBy: row.taken_by,
  round: row.round,
  sessionId: row.session_id,
  serial: row.serial,
  chargerId: row.charger_id,
  openedAtS: row.opened_at_s,
  updatedAtS: row.updated_at_s,
  disputedMinor: row.disputed_minor,
  currency: row.currency,
})

export interface CaseHistoryLine {
  readonly seq: number
  readonly step: string
  readonly from: CaseState | null
  readonly to: CaseState
  readonly author: string
  readonly reason: string
  readonly note: string | null
  readonly facts: Readonly<Record<string, string | number>>
  readonly atS: number
}

export interface CaseDetails {
  readonly summary: CaseSummary
  readonly facts: Readonly<Record<string, string | number>>
  readonly history: readonly CaseHistoryLine[]
  readonly evidence: readonly { readonly label: string; readonly hash: string; readonly bytes: number }[]
  /** Of the session that the case is about; null when there is none that anybody pays for. */
  readonly money: {
    readonly owner: string | null
    readonly holdMinor: number
    readonly postedMinor: number
    readonly disputedMinor: number
    readonly upheldMinor: number
    readonly refundedMinor: number
  } | null
}

const historyMax = 500

export async function caseDetails(
  tx: TenantTransaction,
  tenant: OperatorId,
  caseId: string,
): Promise<CaseDetails | undefined> {
  const { rows } = await sql<CaseColumns>`${caseColumns(tenant)} and c.case_id = ${caseId}`.execute(tx)
  const [row] = rows
  if (row === undefined) return undefined
  const { facts } = await tx
    .selectFrom('cases')
    .select('facts')
    .where('tenant', '=', tenant)
    .where('case_id', '=', caseId)
    .executeTakeFirstOrThrow()
  const events = await tx
    .selectFrom('case_events')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('case_id', '=', caseId)
    .orderBy('seq')
    .limit(historyMax)
    .execute()
  const evidence = await sql<CaseDetails['evidence'][number]>`
    select label, hash, length(bytes) as bytes from case_evidence
    where tenant = ${tenant} and case_id = ${caseId} order by label, hash`.execute(tx)
  const money = await sql<NonNullable<CaseDetails['money']>>`
    select owner, coalesce(hold_minor, 0) as "holdMinor", coalesce(posted_minor, 0) as "postedMinor",
      disputed_minor as "disputedMinor", upheld_minor as "upheldMinor", refunded_minor as "refundedMinor"
    from charging_sessions where tenant = ${tenant} and session_id = ${row.session_id}`.execute(tx)
  return {
    summary: summary(row),
    facts: facts as CaseDetails['facts'],
    history: events.map((event) => ({
      seq: event.seq,
      step: event.step,
      from: event.from_state,
      to: event.to_state,
      author: event.author,
      reason: event.reason,
      note: event.note,
      facts: event.facts as CaseHistoryLine['facts'],
      atS: event.at_s,
    })),
    evidence: evidence.rows,
    money: money.rows[0] ?? null,
  }
}

/** The signed bytes, to be verified by whoever wants to know. */
export async function caseEvidence(
  tx: TenantTransaction,
  tenant: OperatorId,
  caseId: string,
): Promise<readonly { readonly label: string; readonly hash: string; readonly bytes: Bytes }[]> {
  const rows = await tx
    .selectFrom('case_evidence')
    .select(['label', 'hash', 'bytes'])
    .where('tenant', '=', tenant)
    .where('case_id', '=', caseId)
    .orderBy('label')
    .orderBy('hash')
    .execute()
  return rows.map(({ label, hash, bytes }) => ({ label, hash, bytes: toBytes(bytes) }))
}

const openCasesMax = 500

/** Cases that nobody has decided, oldest first. */
export async function openCasesOf(
  tx: TenantTransaction,
  tenant: OperatorId,
): Promise<readonly CaseSummary[]> {
  const found: CaseSummary[] = []
  let after: string | undefined
  do {
    const page = await listCases(
      tx,
      tenant,
      { states: undecidedStates },
      { size: pageSizeMax, ...(after === undefined ? {} : { after }) },
    )
    found.push(...page.cases)
    after = page.next ?? undefined
  } while (after !== undefined && found.length < openCasesMax)
  return found
}

export async function openCaseCount(tx: TenantTransaction, tenant: OperatorId): Promise<number> {
  const { count } = await tx
    .selectFrom('cases')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant', '=', tenant)
    .where('state', '<>', 'decided')
    .executeTakeFirstOrThrow()
  return count
}

/** Undecided cases about sessions that this owner pays for, or about its grants. */
export async function openCaseCountOf(
  tx: TenantTransaction,
  tenant: OperatorId,
  owner: string,
): Promise<number> {
  const { count } = await tx
    .selectFrom('cases')
    .innerJoin('reserves', (join) =>
      join.onRef('reserves.tenant', '=', 'cases.tenant').onRef('reserves.serial', '=', 'cases.serial'),
    )
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('cases.tenant', '=', tenant)
    .where('cases.state', '<>', 'decided')
    .where('reserves.owner', '=', owner)
    .executeTakeFirstOrThrow()
  return count
}

/** What is known of sessions, for their owners and for figures. */

import { sql } from 'kysely'
import type { OperatorId } from '@/lib/core/ids'
import type { SessionState, SessionSummary } from '../api-types/account'
import type { TenantTransaction } from '../database/connection'

interface SessionFigures {
  session_id: string
  state: 'seen' | 'settled'
  has_case: boolean
  serial: string
  hold_minor: number
  total_minor: number | null
  currency: string
  energy_wh: number | null
  site_label: string | null
  bay_label: string | null
  authorized_at_s: number
  updated_at_s: number
  by_phone: boolean
  by_charger: boolean
}

export type OwnerSession = SessionSummary & { readonly serial: string }

const sessionsMax = 200

/** What evidence and people have made of it: posted, upheld, and given back. Null before the first final. */
const costSoFar = sql`s.posted_minor + s.upheld_minor - s.refunded_minor`

/** An owner's sessions, newest first. */
export async function sessionsOfOwner(
  tx: TenantTransaction,
  tenant: OperatorId,
  owner: string,
  countMax: number = sessionsMax,
): Promise<readonly OwnerSession[]> {
  const { rows } = await sql<SessionFigures>`
    select s.*, ${costSoFar} as total_minor, exists (
      select from cases c where c.tenant = ${tenant} and c.session_id = s.session_id and c.state <> 'decided'
    ) as has_case
    from charging_sessions s
    where s.tenant = ${tenant} and s.owner = ${owner} and s.state <> 'orphan'
    order by s.authorized_at_s desc, s.session_id
    limit ${Math.min(countMax, sessionsMax)}`.execute(tx)
  return rows.map(summary)
}

export async function sessionStates(
  tx: TenantTransaction,
  tenant: OperatorId,
  sessionIds: readonly string[],
): Promise<
  readonly { readonly sessionId: string; readonly state: SessionState; readonly totalMinor: number | null }[]
> {
  const { rows } = await sql<Pick<SessionFigures, 'session_id' | 'state' | 'has_case' | 'total_minor'>>`
    select s.session_id, s.state, ${costSoFar} as total_minor, exists (
      select from cases c where c.tenant = ${tenant} and c.session_id = s.session_id and c.state <> 'decided'
    ) as has_case
    from charging_sessions s
    where s.tenant = ${tenant} and s.session_id = any(${[...sessionIds]}::text[]) and s.state <> 'orphan'
    order by s.session_id`.execute(tx)
  return rows.map((row) => ({
    sessionId: row.session_id,
    state: shownState(row),
    totalMinor: row.total_minor,
  }))
}

export async function sessionCounts(
  tx: TenantTransaction,
  tenant: OperatorId,
): Promise<Readonly<Record<SessionState, number>>> {
  const { rows } = await sql<{ state: 'seen' | 'settled'; has_case: boolean; count: number }>`
    select state, has_case, count(*) as count from (
      select s.state, exists (
        select from cases c where c.tenant = ${tenant} and c.session_id = s.session_id and c.state <> 'decided'
      ) as has_case
      from charging_sessions s where s.tenant = ${tenant} and s.state <> 'orphan'
    ) as counted group by state, has_case`.execute(tx)
  const counts = { seen: 0, settled: 0, case: 0 }
  for (const row of rows) counts[shownState(row)] += row.count
  return counts
}

export interface InboxProgress {
  readonly inboxWaiting: number
  readonly inboxOldestS: number
  readonly inboxDonePerMinute: number
}

/** Whether the workers keep up. */
export async function inboxProgress(
  tx: TenantTransaction,
  tenant: OperatorId,
  nowS: number,
): Promise<InboxProgress> {
  const { rows } = await sql<{ waiting: number; oldest: number | null; done: number }>`
    select count(*) as waiting, min(received_at_s) as oldest, (
      select count(*) from inbox where tenant = ${tenant} and state <> 'waiting' and done_at_s > ${nowS - 60}::bigint
    ) as done
    from inbox where tenant = ${tenant} and state = 'waiting'`.execute(tx)
  const { waiting = 0, oldest = null, done = 0 } = rows[0] ?? {}
  return {
    inboxWaiting: waiting,
    inboxOldestS: oldest === null ? 0 : Math.max(0, nowS - oldest),
    inboxDonePerMinute: done,
  }
}

/** An open case outweighs everything else: somebody looks at it. */
const shownState = ({
  state,
  has_case: hasCase,
}: Pick<SessionFigures, 'state' | 'has_case'>): SessionState => (hasCase ? 'case' : state)

const summary = (row: SessionFigures): OwnerSession => ({
  sessionId: row.session_id,
  serial: row.serial,
  state: shownState(row),
  holdMinor: row.hold_minor,
  totalMinor: row.total_minor,
  currency: row.currency,
  energyWh: row.energy_wh,
  siteLabel: row.site_label,
  bayLabel: row.bay_label,
  authorizedAtS: row.authorized_at_s,
  updatedAtS: row.updated_at_s,
  reportedBy: [
    ...(row.by_phone ? (['phone'] as const) : []),
    ...(row.by_charger ? (['charger'] as const) : []),
  ],
})

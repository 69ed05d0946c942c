/** What a payer may know of the cases about its sessions: how far people are, and what was given back. No names, no notes. */

import { sql } from 'kysely'
import type { OperatorId } from '@/lib/core/ids'
import type { SessionNews } from '../api-types/account'
import type { TenantTransaction } from '../database/connection'
import type { CaseState } from './case-machine'

interface NewsRow {
  session_id: string
  cost_minor: number | null
  by_charger: boolean
  case_state: CaseState | null
  opened_at_s: number | null
  updated_at_s: number | null
  refunds: readonly { readonly amountMinor: number; readonly atS: number }[] | null
}

/** Remedies that give credit; a write-off forgives a debt, which is no refund. */
const givingSteps = ['refund', 'goodwill']
const refundsMax = 16

/** Only sessions of which there is something to tell. The driver's own case speaks before all others. */
async function newsWhere(
  tx: TenantTransaction,
  tenant: OperatorId,
  which: ReturnType<typeof sql<boolean>>,
): Promise<readonly SessionNews[]> {
  const { rows } = await sql<NewsRow>`
    select s.session_id, s.by_charger, s.posted_minor + s.upheld_minor - s.refunded_minor as cost_minor,
      c.state as case_state, c.opened_at_s, c.updated_at_s, given.refunds
    from charging_sessions s
    left join lateral (
      select state, opened_at_s, updated_at_s from cases
      where tenant = ${tenant} and session_id = s.session_id
      order by (kind = 'dispute') desc, (state = 'decided'), round desc, case_id limit 1
    ) c on true
    left join lateral (
      select json_agg(json_build_object('amountMinor', (e.facts->>'amountMinor')::bigint, 'atS', e.at_s)
        order by e.at_s, e.case_id, e.seq) as refunds
      from (
        select e.* from case_events e join cases k on k.tenant = ${tenant} and k.case_id = e.case_id
        where e.tenant = ${tenant} and k.session_id = s.session_id and e.step = any(${givingSteps}::text[])
        order by e.at_s limit ${refundsMax}
      ) e
    ) given on true
    where s.tenant = ${tenant} and s.state <> 'orphan' and (${which})
    order by s.authorized_at_s desc, s.session_id`.execute(tx)
  return rows.map((row) => ({
    sessionId: row.session_id,
    case:
      row.case_state === null
        ? null
        : { state: row.case_state, openedAtS: row.opened_at_s ?? 0, changedAtS: row.updated_at_s ?? 0 },
    refunds: row.refunds ?? [],
    costMinor: row.cost_minor,
    byCharger: row.by_charger,
  }))
}

export const newsOfSessions = (
  tx: TenantTransaction,
  tenant: OperatorId,
  sessionIds: readonly string[],
): Promise<readonly SessionNews[]> =>
  newsWhere(tx, tenant, sql<boolean>`s.session_id = any(${[...sessionIds]}::text[])`)

/** The newest sessions of an owner that people have looked at. */
export const newsOfOwner = (
  tx: TenantTransaction,
  tenant: OperatorId,
  owner: string,
): Promise<readonly SessionNews[]> =>
  newsWhere(
    tx,
    tenant,
    sql<boolean>`s.owner = ${owner} and s.session_id in (
      select k.session_id from cases k join charging_sessions o on o.tenant = ${tenant} and o.session_id = k.session_id
      where k.tenant = ${tenant} and o.owner = ${owner} order by k.updated_at_s desc limit ${ownersNewsMax})`,
  )

const ownersNewsMax = 200

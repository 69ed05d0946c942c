/** What the books and people made of a session, as far as whoever pays for it may know: no names, no colleagues' notes. */

import { sql } from 'kysely'
import type { OperatorId } from '@/lib/core/ids'
import type { CaseState } from '../cases/case-machine'
import type { TenantTransaction } from '../database/connection'

export interface SessionTransfer {
  readonly kind: string
  readonly from: string
  readonly to: string
  readonly amountMinor: number
  readonly isPending: boolean
  readonly atS: number
}

export interface SessionCase {
  readonly caseId: string
  readonly kind: string
  readonly state: CaseState
  readonly verdict: string | null
  readonly openedAtS: number
  readonly steps: readonly {
    readonly step: string
    readonly atS: number
    readonly reason: string
    readonly amountMinor: number | null
    readonly note: string | null
  }[]
}

const transfersMax = 100
const casesMax = 20
const stepsMax = 200

/** References are ids, and ids with something behind them: digits and dashes sort before 'g' in every order of text. */
export async function transfersOf(
  tx: TenantTransaction,
  tenant: OperatorId,
  names: readonly string[],
): Promise<readonly SessionTransfer[]> {
  const ranges = names.map(
    (name) => sql`(reference >= ${name} and reference < ${`${name}g`} and starts_with(reference, ${name}))`,
  )
  const { rows } = await sql<SessionTransfer>`
    select kind, split_part(debit, ':', 1) as "from", split_part(credit, ':', 1) as "to",
      amount_minor as "amountMinor", effect = 'pend' as "isPending",
      floor(extract(epoch from created_at))::bigint as "atS"
    from ledger_transfers where tenant = ${tenant} and (${sql.join(ranges, sql` or `)})
    order by created_at, reference, kind limit ${transfersMax}`.execute(tx)
  return rows
}

export async function casesOf(
  tx: TenantTransaction,
  tenant: OperatorId,
  sessionId: string,
): Promise<readonly SessionCase[]> {
  const cases = await tx
    .selectFrom('cases')
    .select(['case_id', 'kind', 'state', 'verdict', 'opened_at_s'])
    .where('tenant', '=', tenant)
    .where('session_id', '=', sessionId)
    .orderBy('opened_at_s')
    .orderBy('case_id')
    .limit(casesMax)
    .execute()
  if (cases.length === 0) return []
  const events = await tx
    .selectFrom('case_events')
    .select(['case_id', 'step', 'at_s', 'reason', 'author', 'note', 'facts'])
    .where('tenant', '=', tenant)
    .where(
      'case_id',
      'in',
      cases.map((row) => row.case_id),
    )
    .orderBy('at_s')
    .orderBy('seq')
    .limit(stepsMax)
    .execute()
  return cases.map((row) => ({
    caseId: row.case_id,
    kind: row.kind,
    state: row.state,
    verdict: row.verdict,
    openedAtS: row.opened_at_s,
    steps: events
      .filter((event) => event.case_id === row.case_id)
      .map(({ step, at_s: atS, reason, author, note, facts }) => ({
        step,
        atS,
        reason,
        amountMinor: (facts as { readonly amountMinor?: number }).amountMinor ?? null,
        note: author === 'owner' ? note : null,
      })),
  }))
}

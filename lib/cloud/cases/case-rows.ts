/** Cases as rows: a step changes the row and adds one event, both or neither, and only if nobody was faster. */

import type { OperatorId } from '@/lib/core/ids'
import type { TenantTransaction } from '../database/connection'
import type { CaseStanding, CaseState, CaseStep, CaseEnding } from './case-machine'

export interface CaseEvent {
  readonly caseId: string
  readonly seq: number
  readonly step: CaseStep | 'opened' | 'reopened'
  readonly from: CaseState | null
  readonly to: CaseState
  readonly author: string
  readonly reason: string
  readonly note?: string
  readonly facts: Readonly<Record<string, string | number>>
  readonly atS: number
}

interface StandingColumns {
  readonly state: CaseState
  readonly taken_by: string | null
  readonly verdict: CaseEnding | null
}

export function standingOf({ state, taken_by: takenBy, verdict }: StandingColumns): CaseStanding {
  switch (state) {
    case 'open':
      return { state }
    case 'in-review':
    case 'waiting-for-evidence':
      return { state, takenBy: takenBy ?? '' }
    case 'decided':
      return { state, decidedBy: takenBy ?? '', verdict: verdict ?? 'dismiss' }
  }
}

/** `facts` replace the case's own. False when the case was changed since `before` was read; then nothing is written. */
export async function changeCase(
  tx: TenantTransaction,
  tenant: OperatorId,
  before: StandingColumns & { readonly case_id: string; readonly revision: number },
  after: CaseStanding,
  event: Pick<CaseEvent, 'author' | 'reason' | 'note' | 'facts' | 'atS'> & { readonly step: CaseStep },
  facts?: CaseEvent['facts'],
): Promise<boolean> {
  const seq = before.revision + 1
  const changed = await tx
    .updateTable('cases')
    .set({
      state: after.state,
      revision: seq,
      taken_by: takerOf(after),
      verdict: after.state === 'decided' ? after.verdict : null,
      updated_at_s: event.atS,
      ...(facts === undefined ? {} : { facts: JSON.stringify(facts) }),
    })
    .where('tenant', '=', tenant)
    .where('case_id', '=', before.case_id)
    .where('revision', '=', before.revision)
    .executeTakeFirst()
  if (changed.numUpdatedRows !== 1n) return false
  const row: CaseEvent = { ...event, caseId: before.case_id, seq, from: before.state, to: after.state }
  await writeCaseEvents(tx, tenant, [row])
  return true
}

const takerOf = (standing: CaseStanding): string | null =>
  standing.state === 'open' ? null : standing.state === 'decided' ? standing.decidedBy : standing.takenBy

export async function writeCaseEvents(
  tx: TenantTransaction,
  tenant: OperatorId,
  events: readonly CaseEvent[],
): Promise<void> {
  if (events.length === 0) return
  await tx
    .insertInto('case_events')
    .values(
      events.map((event) => ({
        tenant,
        case_id: event.caseId,
        seq: event.seq,
        step: event.step,
        from_state: event.from,
        to_state: event.to,
        author: event.author,
        reason: event.reason,
        note: event.note ?? null,
        facts: JSON.stringify(event.facts),
        at_s: event.atS,
      })),
    )
    .execute()
}

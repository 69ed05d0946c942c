/** Cases that end without anybody deciding: what was missing has come. */

import type { OperatorId } from '@/lib/core/ids'
import type { EpochSeconds } from '@/lib/core/units'
import type { TenantTransaction } from '../database/connection'
import { caseCodes, type CaseKind } from './case-kinds'
import { advance } from './case-machine'
import { changeCase, standingOf } from './case-rows'

/** Whoever has such a case under review finds it ended; the history says by what. Safe to repeat. */
export async function resolveCases(
  tx: TenantTransaction,
  tenant: OperatorId,
  kind: CaseKind,
  chargerIds: readonly string[],
  nowS: EpochSeconds,
): Promise<void> {
  if (chargerIds.length === 0) return
  const rows = await tx
    .selectFrom('cases')
    .select(['case_id', 'revision', 'state', 'taken_by', 'verdict'])
    .where('tenant', '=', tenant)
    .where('kind', '=', kind)
    .where('charger_id', 'in', [...chargerIds])
    .where('state', '<>', 'decided')
    .orderBy('root_id')
    .forNoKeyUpdate()
    .execute()
  for (const row of rows) {
    const after = advance(standingOf(row), 'resolve', 'operator')
    if (!after.ok) throw new Error(`Case ${row.case_id} cannot end: ${after.error.code}`)
    const event = {
      step: 'resolve',
      author: 'operator',
      reason: caseCodes[kind],
      facts: {},
      atS: nowS,
    } as const
    await changeCase(tx, tenant, row, after.value, event)
  }
}

/** Open cases, for consoles and figures. */

import type { OperatorId } from '@/lib/core/ids'
import type { TenantTransaction } from '../database/connection'

export interface OpenCase {
  readonly caseId: string
  readonly kind: string
  readonly code: string
  readonly sessionId: string | null
  readonly serial: string | null
  readonly chargerId: string | null
  readonly openedAtS: number
}

const casesMax = 500

/** Oldest first: they have waited longest. */
export async function openCasesOf(tx: TenantTransaction, tenant: OperatorId): Promise<readonly OpenCase[]> {
  const rows = await tx
    .selectFrom('cases')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('state', '=', 'open')
    .orderBy('opened_at_s')
    .orderBy('case_id')
    .limit(casesMax)
    .execute()
  return rows.map((row) => ({
    caseId: row.case_id,
    kind: row.kind,
    code: row.code,
    sessionId: row.session_id,
    serial: row.serial,
    chargerId: row.charger_id,
    openedAtS: row.opened_at_s,
  }))
}

export async function openCaseCount(tx: TenantTransaction, tenant: OperatorId): Promise<number> {
  const { count } = await tx
    .selectFrom('cases')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant', '=', tenant)
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow()
  return count
}

/** Open cases about sessions that this owner pays for, or about its grants. */
export async function openCaseCountOf(
  tx: TenantTransaction,
  tenant: OperatorId,
  owner: string,
): Promise<number> {
  const { count } = await tx
    .selectFrom('cases')
    .leftJoin('reserves', (join) =>
      join.onRef('reserves.tenant', '=', 'cases.tenant').onRef('reserves.serial', '=', 'cases.serial'),
    )
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('cases.tenant', '=', tenant)
    .where('cases.state', '=', 'open')
    .where('reserves.owner', '=', owner)
    .executeTakeFirstOrThrow()
  return count
}

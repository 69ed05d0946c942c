/** Past top-ups, for receipts and support. */

import type { OperatorId } from '@/lib/core/ids'
import { minorUnits, type MinorUnits } from '@/lib/core/units'
import type { TenantTransaction } from '../database/connection'
import type { OwnerAccount } from '../ledger/accounts'

export interface PastTopUp {
  readonly topUpId: string
  readonly amountMinor: MinorUnits
  readonly currency: string
  readonly state: 'started' | 'paid' | 'declined'
  readonly atS: number
}

export async function topUpsOf(
  tx: TenantTransaction,
  tenant: OperatorId,
  owner: OwnerAccount,
): Promise<readonly PastTopUp[]> {
  const rows = await tx
    .selectFrom('top_ups')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('owner', '=', owner)
    .orderBy('created_at_s', 'desc')
    .limit(100)
    .execute()
  return rows.map((row) => ({
    topUpId: row.top_up_id,
    amountMinor: minorUnits(row.amount_minor),
    currency: row.currency,
    state: row.state,
    atS: row.created_at_s,
  }))
}

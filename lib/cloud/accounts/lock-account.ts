/** Whoever changes which keys open an account waits for whoever does already. */

import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'

/** False where there is no such account any more. */
export async function lockAccount(cloud: Cloud, tx: TenantTransaction, accountId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('accounts')
    .select('closed_at_s')
    .where('tenant', '=', cloud.config.tenant)
    .where('account_id', '=', accountId)
    .forUpdate()
    .executeTakeFirst()
  return row !== undefined && row.closed_at_s === null
}

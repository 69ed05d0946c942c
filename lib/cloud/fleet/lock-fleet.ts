/** So that two acts of one fleet come one after the other, and the same request twice finds what the first has written. */

import type { TenantTransaction } from '../database/connection'

export const lockFleet = (tx: TenantTransaction, tenant: string, fleetId: string): Promise<unknown> =>
  tx
    .selectFrom('fleets')
    .select('fleet_id')
    .where('tenant', '=', tenant)
    .where('fleet_id', '=', fleetId)
    .forNoKeyUpdate()
    .execute()

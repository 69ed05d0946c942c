/** Which charger a modem belongs to. */

import type { ChargerId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import { isImei } from './provider'

/** A modem that is moved to another charger counts for that one from then on. Refuses with `device.unknown`, `api.malformed`. */
export async function registerTerminal(
  cloud: Cloud,
  imei: string,
  chargerId: ChargerId,
): Promise<Result<void, Refusal>> {
  if (!isImei(imei)) return err(refusal('api.malformed'))
  const { tenant } = cloud.config
  return inTenant(cloud.db, tenant, async (tx) => {
    const charger = await tx
      .selectFrom('chargers')
      .select('charger_id')
      .where('tenant', '=', tenant)
      .where('charger_id', '=', chargerId)
      .executeTakeFirst()
    if (charger === undefined) return err(refusal('device.unknown'))
    const row = { tenant, imei, charger_id: chargerId, created_at_s: cloud.clock.nowS() }
    await tx
      .insertInto('satellite_terminals')
      .values(row)
      .onConflict((conflict) =>
        conflict.columns(['tenant', 'imei']).doUpdateSet({ charger_id: row.charger_id }),
      )
      .execute()
    return ok(undefined)
  })
}

/** Undefined for a modem that nobody registered. */
export async function chargerOfTerminal(
  tx: TenantTransaction,
  tenant: string,
  imei: string,
): Promise<string | undefined> {
  const row = await tx
    .selectFrom('satellite_terminals')
    .select('charger_id')
    .where('tenant', '=', tenant)
    .where('imei', '=', imei)
    .executeTakeFirst()
  return row?.charger_id
}

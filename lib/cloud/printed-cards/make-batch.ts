/** Makes printed cards in bulk: each is a voucher whose cap the fleet sets aside before anybody can print it. */

import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { transact } from '../database/connection'
import { issueBatch } from '../issuance/vouchers'
import { fleetAccount } from '../ledger/accounts'
import { randomId } from '../secrets'
import { lockFleet } from '../fleet/lock-fleet'

export interface BatchOrder {
  readonly fleetId: string
  readonly name: string
  readonly count: number
  /** Of each card. */
  readonly capMinor: number
  readonly sites: readonly string[]
  readonly days: number
  readonly idempotencyKey: string
  /** The manager's account. */
  readonly author: string
}

/** The same idempotency key gives the same batch again. All cards or none. */
export const makeBatch = (
  cloud: Cloud,
  order: BatchOrder,
): Promise<Result<{ readonly batchId: string }, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant, currency } = cloud.config
    const { fleetId, name, count, capMinor, sites, days, idempotencyKey, author } = order
    await lockFleet(tx, tenant, fleetId)
    const known = await tx
      .selectFrom('fleet_card_batches')
      .select('batch_id')
      .where('tenant', '=', tenant)
      .where('fleet_id', '=', fleetId)
      .where('idempotency_key', '=', idempotencyKey)
      .executeTakeFirst()
    if (known !== undefined) return ok({ batchId: known.batch_id })
    const batchId = randomId(cloud.random)
    // Names of batches of vouchers are the operator's: the fleet's id keeps those of fleets apart.
    const voucherBatch = `fleet ${fleetId} ${batchId}`
    const issued = await issueBatch(cloud, tx, {
      ...{ batch: voucherBatch, count, owner: fleetAccount(fleetId), capMinor, sites, days, author },
      bearer: 'printed',
    })
    if (!issued.ok) return issued
    const [card] = issued.value
    if (card === undefined) return err(refusal('api.internal'))
    await tx
      .insertInto('fleet_card_batches')
      .values({
        ...{ tenant, batch_id: batchId, fleet_id: fleetId, idempotency_key: idempotencyKey, name, currency },
        ...{ voucher_batch: voucherBatch, card_count: count, cap_minor: capMinor, author },
        sites: [...new Set(sites)].sort(),
        issued_at_s: cloud.clock.nowS(),
        not_after_s: card.notAfterS,
      })
      .execute()
    await writeAuditLine(cloud, tx, author, 'printed-card.make', batchId, fleetId)
    return ok({ batchId })
  })

/**
 * Takes cards back that were lost or are not wanted any more: chargers refuse them as soon as they hear, and what they have
 * left returns when nothing can come in any more that was sold before.
 */

import { grantSerial } from '@/lib/core/ids'
import { sql } from 'kysely'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { transact, type TenantTransaction } from '../database/connection'
import { revokeAll } from '../issuance/revocations'
import { voucherLimits } from '../issuance/vouchers'
import { lockFleet } from '../fleet/lock-fleet'
import { batchById, cardsOfBatches } from './batch-rows'
import { isLive, sameTyped, shortSerial } from './card-rule'

export interface VoidOrder {
  readonly fleetId: string
  readonly batchId: string
  /** Absent: all that can still be spent. */
  readonly cardId?: string
  /** As typed by whoever decides: the card's number as it is printed, or the name of the batch. */
  readonly confirmation: string
  readonly author: string
}

export interface Voided {
  /** How many cards are void now that were not. */
  readonly count: number
  /** From which epoch of the revocations on chargers refuse all of them; 0: nothing was left to void. */
  readonly revocationEpoch: number
}

const dayS = 86_400

/** Safe to repeat: what is void already stays as it is. */
export const voidCards = (cloud: Cloud, order: VoidOrder): Promise<Result<Voided, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { fleetId, batchId, cardId, confirmation, author } = order
    await lockFleet(tx, cloud.config.tenant, fleetId)
    const batch = await batchById(cloud, tx, fleetId, batchId)
    if (batch === undefined) return err(refusal('api.not-found'))
    const cards = (await cardsOfBatches(cloud, tx, [batch.voucher_batch])).get(batch.voucher_batch) ?? []
    const meant = cardId === undefined ? cards : cards.filter((card) => card.cardId === cardId)
    if (meant.length === 0) return err(refusal('api.not-found'))
    const wanted = cardId === undefined ? batch.name : shortSerial(cardId)
    if (!sameTyped(confirmation, wanted)) return err(refusal('api.conflict'))
    const live = meant.filter(isLive)
    let revocationEpoch = Math.max(0, ...meant.map(({ voidEpoch }) => voidEpoch ?? 0))
    if (live.length > 0) {
      const serials = live.map((card) => grantSerial(card.cardId))
      revocationEpoch = await revokeAll(cloud, tx, serials, batch.not_after_s, 'fleet')
      await bringForward(cloud, tx, serials)
      const [action, subject] =
        cardId === undefined
          ? (['printed-card.void-batch', batchId] as const)
          : (['printed-card.void', cardId] as const)
      await writeAuditLine(cloud, tx, author, action, subject, fleetId)
    }
    return ok({ count: live.length, revocationEpoch })
  })

/** Never later than the rest would have returned anyway. */
const bringForward = (cloud: Cloud, tx: TenantTransaction, serials: readonly string[]): Promise<unknown> =>
  sql`update reserves
    set release_after_s = least(release_after_s, ${cloud.clock.nowS() + voucherLimits.returnsAfterDays * dayS}::bigint)
    where tenant = ${cloud.config.tenant} and serial = any(${[...serials]}::text[])`.execute(tx)

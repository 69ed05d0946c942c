/** Takes a card back for its money: whoever bought it gets what was not spent, without waiting for the card's end. */

import { sql } from 'kysely'
import type { GrantSerial } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { transact } from '../database/connection'
import { revoke } from '../issuance/revocations'
import { vouchersBySerial } from '../issuance/vouchers'

/**
 * A charger without a network may have sold to the card already, or still take it until somebody carries the news
 * there. What arrives later than this is owed by the card, like a copy's spend, and no longer paid by it.
 */
const refundAfterDays = 21

/** Blocks the card and brings its release forward; never later than it was. Safe to repeat. */
export async function refundCard(
  cloud: Cloud,
  { serial, author }: { readonly serial: GrantSerial; readonly author: string },
): Promise<Result<{ readonly returnsAtS: number }, Refusal>> {
  const { tenant } = cloud.config
  return transact(cloud.db, tenant, async (tx) => {
    const [card] = await vouchersBySerial(tx, tenant, [serial])
    if (card === undefined) return err(refusal('grant.missing'))
    const wantedS = cloud.clock.nowS() + refundAfterDays * 86_400
    const { rows } = await sql<{ release_after_s: number }>`
      update reserves set release_after_s = least(release_after_s, ${wantedS}::bigint)
      where tenant = ${tenant} and serial = ${serial}
      returning release_after_s`.execute(tx)
    await revoke(cloud, tx, serial, card.notAfterS, 'operator')
    await writeAuditLine(cloud, tx, author, 'voucher.refund', serial)
    return ok({ returnsAtS: rows[0]?.release_after_s ?? wantedS })
  })
}

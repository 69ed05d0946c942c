/** Keeps aside what proved nothing, with the reason, so that nothing that anybody brought is lost. Bounded. */

import { toHex, utf8, concat, type Bytes } from '@/lib/core/bytes'
import { sha256 } from '@/lib/crypto/hash'
import type { Cloud } from '../context'
import type { TenantTransaction } from '../database/connection'
import type { QuarantineRow } from '../database/schema'

export interface Rejected {
  readonly what: string
  readonly code: string
  readonly bytes: Bytes
}

const daysKeptApartS = 86_400
/** Pieces a day from each kind of source. Strangers need no proof of anything, so they may fill little. */
const piecesPerDayMax = { charger: 100_000, phone: 20_000, stranger: 500 } as const
const piecesPerItemMax = 400

export async function quarantine(
  cloud: Cloud,
  tx: TenantTransaction,
  source: QuarantineRow['source'],
  rejected: readonly Rejected[],
): Promise<void> {
  if (rejected.length === 0) return
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  const { count } = await tx
    .selectFrom('quarantine')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant', '=', tenant)
    .where('source', '=', source)
    .where('received_at_s', '>', nowS - daysKeptApartS)
    .executeTakeFirstOrThrow()
  const room = Math.min(piecesPerItemMax, piecesPerDayMax[source] - count)
  if (room <= 0) return
  await tx
    .insertInto('quarantine')
    .values(
      rejected.slice(0, room).map(({ what, code, bytes }) => ({
        tenant,
        quarantine_id: toHex(sha256(concat(utf8(`${what} ${code} `), bytes)).subarray(0, 16)),
        source,
        what,
        code,
        bytes: Buffer.from(bytes),
        received_at_s: nowS,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

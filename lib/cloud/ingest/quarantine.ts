/** Keeps aside what proved nothing, with the reason, so that nothing that anybody brought is lost. Bounded. */

import { toHex, utf8, concat } from '@/lib/core/bytes'
import type { OperatorId } from '@/lib/core/ids'
import { sha256 } from '@/lib/crypto/hash'
import type { TenantTransaction } from '../database/connection'
import { quarantineRoom, quarantineWindowS } from './quarantine-bounds'
import type { QuarantineSource, Rejected } from './store'

export async function quarantine(
  tx: TenantTransaction,
  tenant: OperatorId,
  source: QuarantineSource,
  rejected: readonly Rejected[],
  nowS: number,
): Promise<void> {
  if (rejected.length === 0) return
  const { count } = await tx
    .selectFrom('quarantine')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant', '=', tenant)
    .where('source', '=', source)
    .where('received_at_s', '>', nowS - quarantineWindowS)
    .executeTakeFirstOrThrow()
  const room = quarantineRoom(source, count)
  if (room === 0) return
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

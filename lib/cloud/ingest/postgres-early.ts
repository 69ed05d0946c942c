/** Early pieces as rows, and how many of them a log has: the ordinary log has none and nobody asks for them. */

import { sql } from 'kysely'
import { toBytes } from '@/lib/core/bytes'
import type { OperatorId } from '@/lib/core/ids'
import type { TenantTransaction } from '../database/connection'
import { inTakingOrder, pieceKey, type EarlyPiece, type EarlyStore } from './early-pieces'

export const postgresEarly = (tx: TenantTransaction, tenant: OperatorId): EarlyStore => ({
  async earlyPieces(device) {
    const rows = await tx
      .selectFrom('early_pieces')
      .select(['epoch', 'first_seq', 'end_seq', 'root', 'bytes'])
      .where('tenant', '=', tenant)
      .where('device', '=', device)
      .execute()
    return rows
      .map(({ epoch, root, bytes, ...row }): EarlyPiece => ({
        ...{ device, epoch, root, firstSeq: row.first_seq, endSeq: row.end_seq },
        bytes: toBytes(bytes),
      }))
      .sort(inTakingOrder)
  },
  async changeEarly(added, dropped, nowS) {
    for (const { device, epoch, firstSeq, endSeq, root } of dropped.toSorted(byKey)) {
      await tx
        .deleteFrom('early_pieces')
        .where('tenant', '=', tenant)
        .where('device', '=', device)
        .where('epoch', '=', epoch)
        .where('first_seq', '=', firstSeq)
        .where('end_seq', '=', endSeq)
        .where('root', '=', root)
        .execute()
    }
    for (const { device, epoch, firstSeq, endSeq, root, bytes } of added.toSorted(byKey)) {
      await sql`
        insert into early_pieces (tenant, device, epoch, first_seq, end_seq, root, bytes, received_at_s)
        values (${tenant}, ${device}, ${epoch}, ${firstSeq}, ${endSeq}, ${root}, ${Buffer.from(bytes)}, ${nowS})
        on conflict do nothing`.execute(tx)
    }
    const devices = [...new Set([...added, ...dropped].map(({ device }) => device))].sort()
    if (devices.length === 0) return
    await sql`
      update device_logs l set early_count = (
        select count(*) from early_pieces p
        where p.tenant = ${tenant} and p.device = l.device and p.epoch = l.epoch)
      where l.tenant = ${tenant} and l.device = any(${devices}::text[])
        and (l.early_count > 0 or exists (
          select from early_pieces p where p.tenant = ${tenant} and p.device = l.device and p.epoch = l.epoch))`.execute(
      tx,
    )
  },
})

/** Locks in one order, whoever brings what. */
const byKey = (one: EarlyPiece, other: EarlyPiece): number => (pieceKey(one) < pieceKey(other) ? -1 : 1)

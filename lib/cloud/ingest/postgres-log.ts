/** Devices' logs as rows: one for the frontier of each epoch, one for each event. */

import { toBytes, toHex } from '@/lib/core/bytes'
import type { OperatorId } from '@/lib/core/ids'
import { emptyFrontier, parseFrontier, rootOf, type Frontier } from '@/lib/log/frontier'
import { parseHash, type Hash } from '@/lib/log/hash'
import type { TenantTransaction } from '../database/connection'
import type { HeldLog, LogKey, ReconcileTransaction } from './store'

type LogOperations = Pick<ReconcileTransaction, 'lockLog' | 'heldLog' | 'storedEvents' | 'extendLog'>

const rowsPerInsert = 2_000

export const postgresLog = (tx: TenantTransaction, tenant: OperatorId): LogOperations => {
  const logRow = ({ device, epoch }: LogKey) =>
    tx
      .selectFrom('device_logs')
      .select(['size', 'frontier', 'root', 'checkpoint_at_s'])
      .where('tenant', '=', tenant)
      .where('device', '=', device)
      .where('epoch', '=', epoch)
  return {
    async lockLog(key, nowS) {
      await tx
        .insertInto('device_logs')
        .values({
          ...{ tenant, ...key, size: 0, frontier: [], root: toHex(rootOf(emptyFrontier)) },
          ...{ checkpoint: null, checkpoint_at_s: 0, updated_at_s: nowS },
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      return toHeldLog(await logRow(key).forUpdate().executeTakeFirstOrThrow())
    },
    async heldLog(key) {
      const row = await logRow(key).executeTakeFirst()
      return row === undefined ? undefined : toHeldLog(row)
    },
    async storedEvents({ device, epoch }, from, count) {
      const rows = await tx
        .selectFrom('device_events')
        .select('bytes')
        .where('tenant', '=', tenant)
        .where('device', '=', device)
        .where('epoch', '=', epoch)
        .where('seq', '>=', from)
        .where('seq', '<', from + count)
        .orderBy('seq')
        .execute()
      return rows.map(({ bytes }) => toBytes(bytes))
    },
    async extendLog({ device, epoch, firstSeq, events, frontier, checkpoint, checkpointAtS }, nowS) {
      const rows = events.map((bytes, index) => ({
        ...{ tenant, device, epoch, seq: firstSeq + index },
        bytes: Buffer.from(bytes),
      }))
      for (let start = 0; start < rows.length; start += rowsPerInsert) {
        await tx
          .insertInto('device_events')
          .values(rows.slice(start, start + rowsPerInsert))
          .onConflict((conflict) => conflict.doNothing())
          .execute()
      }
      await tx
        .updateTable('device_logs')
        .set({
          size: frontier.size,
          frontier: frontier.hashes.map((hash) => Buffer.from(hash)),
          root: toHex(rootOf(frontier)),
          checkpoint: Buffer.from(checkpoint),
          checkpoint_at_s: checkpointAtS,
          updated_at_s: nowS,
        })
        .where('tenant', '=', tenant)
        .where('device', '=', device)
        .where('epoch', '=', epoch)
        .execute()
    },
  }
}

function toHeldLog(row: {
  readonly size: number
  readonly frontier: readonly Buffer[]
  readonly root: string
  readonly checkpoint_at_s: number
}): HeldLog {
  return {
    frontier: storedFrontier(row.size, row.frontier),
    root: row.root,
    checkpointAtS: row.checkpoint_at_s,
  }
}

function storedFrontier(size: number, hashes: readonly Buffer[]): Frontier {
  const parsed = hashes.map((hash): Hash => {
    const value = parseHash(toBytes(hash))
    if (value === undefined) throw new Error('A stored hash has the wrong length')
    return value
  })
  const frontier = parseFrontier(size, parsed)
  if (frontier === undefined) throw new Error(`A stored frontier does not fit its size of ${size}`)
  return frontier
}

/** Devices' logs as rows: one for the frontier of each epoch, one for each event. */

import { sql } from 'kysely'
import { toBytes, toHex } from '@/lib/core/bytes'
import type { OperatorId } from '@/lib/core/ids'
import { emptyFrontier, parseFrontier, rootOf, type Frontier } from '@/lib/log/frontier'
import { parseHash, type Hash } from '@/lib/log/hash'
import type { TenantTransaction } from '../database/connection'
import { logName, type HeldLog, type LogExtension, type LogKey, type ReconcileTransaction } from './store'

type LogOperations = Pick<ReconcileTransaction, 'lockLogs' | 'heldLog' | 'storedEvents' | 'extendLogs'>

const emptyRootHex = toHex(rootOf(emptyFrontier))

export const postgresLog = (tx: TenantTransaction, tenant: OperatorId): LogOperations => {
  const logRow = ({ device, epoch }: LogKey) =>
    tx
      .selectFrom('device_logs')
      .select(['size', 'frontier', 'root', 'checkpoint_at_s'])
      .where('tenant', '=', tenant)
      .where('device', '=', device)
      .where('epoch', '=', epoch)
  return {
    async lockLogs(keys, nowS) {
      if (keys.length === 0) return new Map()
      const devices = keys.map(({ device }) => device)
      const epochs = keys.map(({ epoch }) => epoch)
      await sql`
        insert into device_logs (tenant, device, epoch, size, frontier, root, checkpoint_at_s, updated_at_s)
        select distinct ${tenant}::text, device, epoch, 0, array[]::bytea[], ${emptyRootHex}::text, 0, ${nowS}::bigint
        from unnest(${devices}::text[], ${epochs}::bigint[]) as k (device, epoch)
        order by device, epoch
        on conflict do nothing`.execute(tx)
      const { rows } = await sql<LogRow & { device: string; epoch: number }>`
        select device, epoch, size, frontier, root, checkpoint_at_s from device_logs
        where tenant = ${tenant} and (device, epoch) in (
          select * from unnest(${devices}::text[], ${epochs}::bigint[]))
        order by device collate "C", epoch for update`.execute(tx)
      return new Map(rows.map((row) => [logName(row), toHeldLog(row)]))
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
    async extendLogs(extensions, nowS) {
      for (const extension of extensions) await extendLog(tx, tenant, extension, nowS)
    },
  }
}

async function extendLog(
  tx: TenantTransaction,
  tenant: OperatorId,
  { device, epoch, firstSeq, events, frontier, checkpoint, checkpointAtS }: LogExtension,
  nowS: number,
): Promise<void> {
  const lengths = events.map(({ length }) => length)
  let end = 1
  const starts = lengths.map((length) => (end += length) - length)
  // All events in one parameter, cut apart by the server: as text each would cost twice its bytes.
  await sql`
    insert into device_events (tenant, device, epoch, seq, bytes)
    select ${tenant}::text, ${device}::text, ${epoch}::bigint, ${firstSeq}::bigint + n.at - 1,
      substring(b.bytes from n.start for n.length)
    from (select ${Buffer.concat(events)}::bytea as bytes offset 0) b,
      unnest(${starts}::integer[], ${lengths}::integer[]) with ordinality as n (start, length, at)
    on conflict do nothing`.execute(tx)
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
}

interface LogRow {
  readonly size: number
  readonly frontier: readonly Buffer[]
  readonly root: string
  readonly checkpoint_at_s: number
}

function toHeldLog(row: LogRow): HeldLog {
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

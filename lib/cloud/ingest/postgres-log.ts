/** Devices' logs as rows: one for the frontier of each epoch, one for each event. */

import { sql } from 'kysely'
import { toBytes, toHex } from '@/lib/core/bytes'
import type { OperatorId } from '@/lib/core/ids'
import { emptyFrontier, parseFrontier, rootOf, type Frontier } from '@/lib/log/frontier'
import { parseHash, type Hash } from '@/lib/log/hash'
import { arrayOf } from '../database/array-literal'
import type { TenantTransaction } from '../database/connection'
import { logName, type HeldLog, type LogExtension, type LogKey, type ReconcileTransaction } from './store'

type LogOperations = Pick<ReconcileTransaction, 'lockLogs' | 'heldLog' | 'storedEvents' | 'extendLogs'>

const emptyRootHex = toHex(rootOf(emptyFrontier))

export const postgresLog = (tx: TenantTransaction, tenant: OperatorId): LogOperations => {
  const logRow = ({ device, epoch }: LogKey) =>
    tx
      .selectFrom('device_logs')
      .select(['size', 'frontier', 'root', 'checkpoint_at_s', 'early_count'])
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
        select device, epoch, size, frontier, root, checkpoint_at_s, early_count from device_logs
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
      if (extensions.length === 0) return
      await addEvents(tx, tenant, extensions)
      await moveFrontiers(tx, tenant, latestOf(extensions), nowS)
    },
  }
}

/**
 * Nobody else adds to a log that is locked: an event that is there already would be a fault of ours.
 * All events in one parameter, cut apart by the server: as text each would cost twice its bytes.
 */
async function addEvents(
  tx: TenantTransaction,
  tenant: OperatorId,
  extensions: readonly LogExtension[],
): Promise<void> {
  const events = extensions.flatMap(({ device, epoch, firstSeq, events: added }) =>
    added.map((bytes, index) => ({ device, epoch, seq: firstSeq + index, bytes })),
  )
  const column = (pick: (event: (typeof events)[number]) => string | number): string =>
    arrayOf(events.map(pick))
  let end = 1
  const starts = events.map(({ bytes }) => (end += bytes.length) - bytes.length)
  await sql`
    insert into device_events (tenant, device, epoch, seq, bytes)
    select ${tenant}::text, n.device, n.epoch, n.seq, substring(b.bytes from n.start for n.length)
    from (select ${Buffer.concat(events.map(({ bytes }) => bytes))}::bytea as bytes offset 0) b,
      unnest(${column(({ device }) => device)}::text[], ${column(({ epoch }) => epoch)}::bigint[],
        ${column(({ seq }) => seq)}::bigint[], ${arrayOf(starts)}::integer[],
        ${column(({ bytes }) => bytes.length)}::integer[]) as n (device, epoch, seq, start, length)`.execute(
    tx,
  )
}

/** Where each log ends now, however often it went on. */
const latestOf = (extensions: readonly LogExtension[]): readonly LogExtension[] => [
  ...new Map(extensions.map((extension) => [logName(extension), extension])).values(),
]

/** The hashes of all frontiers in one array, because a row of `unnest` cannot hold an array of its own. */
async function moveFrontiers(
  tx: TenantTransaction,
  tenant: OperatorId,
  logs: readonly LogExtension[],
  nowS: number,
): Promise<void> {
  const column = <T>(pick: (log: LogExtension) => T): T[] => logs.map(pick)
  let end = 0
  const ends = column(({ frontier }) => (end += frontier.hashes.length))
  const hashes = logs.flatMap(({ frontier }) => frontier.hashes.map((hash) => Buffer.from(hash)))
  await sql`
    update device_logs l
    set size = n.size, root = n.root, checkpoint = n.checkpoint, checkpoint_at_s = n.checkpoint_at_s,
      frontier = coalesce((${hashes}::bytea[])[n.hashes_end - n.hashes_count + 1 : n.hashes_end], '{}'),
      updated_at_s = ${nowS}::bigint
    from unnest(
      ${column(({ device }) => device)}::text[], ${column(({ epoch }) => epoch)}::bigint[],
      ${column(({ frontier }) => frontier.size)}::bigint[], ${column(({ frontier }) => toHex(rootOf(frontier)))}::text[],
      ${column(({ checkpoint }) => Buffer.from(checkpoint))}::bytea[],
      ${column(({ checkpointAtS }) => checkpointAtS)}::bigint[], ${ends}::integer[],
      ${column(({ frontier }) => frontier.hashes.length)}::integer[]
    ) as n (device, epoch, size, root, checkpoint, checkpoint_at_s, hashes_end, hashes_count)
    where l.tenant = ${tenant} and l.device = n.device and l.epoch = n.epoch`.execute(tx)
}

interface LogRow {
  readonly size: number
  readonly frontier: readonly Buffer[]
  readonly root: string
  readonly checkpoint_at_s: number
  readonly early_count: number
}

function toHeldLog(row: LogRow): HeldLog {
  return {
    frontier: storedFrontier(row.size, row.frontier),
    root: row.root,
    checkpointAtS: row.checkpoint_at_s,
    earlyCount: row.early_count,
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

/**
 * The durable inbox: an upload is on the disk before anybody works on it, and is worked on in one transaction with
 * everything that follows from it. A worker that dies in the middle leaves the item waiting, as if nobody had begun.
 * Any number of processes may work: an item is locked by whoever has it, the others skip it.
 */

import { sql } from 'kysely'
import { toBytes, toHex, utf8, concat, type Bytes } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import type { Result } from '@/lib/core/result'
import { sha256 } from '@/lib/crypto/hash'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import { processBundle, type BundleOutcome } from './process-bundle'
import { processReport, type ReportOutcome } from './process-report'
import { quarantine } from './quarantine'

export type ItemKind = 'bundle' | 'report'
export type ItemOutcome =
  BundleOutcome | ReportOutcome | { readonly kind: 'refused'; readonly refusal: Refusal }

/** An item that fails this often by a fault of ours is set aside, so that it cannot stop the others. */
const attemptsMax = 5

/**
 * Durable when it resolves. The same bytes again are the same item; what was refused before is looked at anew, because
 * what was missing then (the events before it, a grant, a fault of ours) may be there now.
 */
export async function putIntoInbox(cloud: Cloud, kind: ItemKind, bytes: Bytes): Promise<string> {
  const { tenant } = cloud.config
  const itemId = toHex(sha256(concat(utf8(`${kind} `), bytes)))
  await inTenant(cloud.db, tenant, (tx) =>
    sql`
      insert into inbox (tenant, item_id, kind, bytes, state, received_at_s)
      values (${tenant}, ${itemId}, ${kind}, ${Buffer.from(bytes)}, 'waiting', ${cloud.clock.nowS()})
      on conflict (tenant, item_id) do update set state = 'waiting', outcome = null, attempts = 0
      where inbox.state = 'refused' or (inbox.kind = 'bundle' and inbox.outcome -> 'refused' is not null)`.execute(
      tx,
    ),
  )
  return itemId
}

/** What became of an item; undefined while it waits. */
export async function outcomeOf(cloud: Cloud, itemId: string): Promise<ItemOutcome | undefined> {
  const row = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx
      .selectFrom('inbox')
      .select(['state', 'outcome'])
      .where('tenant', '=', cloud.config.tenant)
      .where('item_id', '=', itemId)
      .executeTakeFirst(),
  )
  return row === undefined || row.state === 'waiting' ? undefined : (row.outcome as ItemOutcome)
}

/** Works on one item, if it waits and nobody else has it. False when there was nothing to do. */
export async function workOn(cloud: Cloud, itemId: string): Promise<boolean> {
  const { tenant } = cloud.config
  try {
    return await inTenant(cloud.db, tenant, async (tx) => {
      const item = await claim(tx, tenant, itemId)
      if (item === undefined) return false
      const outcome = await processItem(cloud, tx, item.kind, toBytes(item.bytes))
      await finish(cloud, tx, itemId, outcome)
      return true
    })
  } catch (error) {
    await countAttempt(cloud, itemId, error)
    throw error
  }
}

/** Ids of items that wait, oldest first. */
export async function waitingItems(cloud: Cloud, countMax: number): Promise<readonly string[]> {
  const rows = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx
      .selectFrom('inbox')
      .select('item_id')
      .where('tenant', '=', cloud.config.tenant)
      .where('state', '=', 'waiting')
      .orderBy('received_at_s')
      .orderBy('item_id')
      .limit(countMax)
      .execute(),
  )
  return rows.map(({ item_id }) => item_id)
}

const claim = (
  tx: TenantTransaction,
  tenant: string,
  itemId: string,
): Promise<{ kind: ItemKind; bytes: Buffer } | undefined> =>
  tx
    .selectFrom('inbox')
    .select(['kind', 'bytes'])
    .where('tenant', '=', tenant)
    .where('item_id', '=', itemId)
    .where('state', '=', 'waiting')
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()

async function processItem(
  cloud: Cloud,
  tx: TenantTransaction,
  kind: ItemKind,
  bytes: Bytes,
): Promise<ItemOutcome> {
  const outcome: Result<ItemOutcome, Refusal> =
    kind === 'bundle'
      ? await processBundle(cloud, tx, bytes)
      : await processReport(cloud, tx, parseJson(bytes))
  if (outcome.ok) return outcome.value
  await quarantine(cloud, tx, kind === 'bundle' ? 'charger' : 'phone', [
    { what: kind, code: outcome.error.code, bytes },
  ])
  return { kind: 'refused', refusal: outcome.error }
}

async function finish(
  cloud: Cloud,
  tx: TenantTransaction,
  itemId: string,
  outcome: ItemOutcome,
): Promise<void> {
  await tx
    .updateTable('inbox')
    .set({
      state: outcome.kind === 'refused' ? 'refused' : 'done',
      outcome: JSON.stringify(outcome),
      done_at_s: cloud.clock.nowS(),
    })
    .where('tenant', '=', cloud.config.tenant)
    .where('item_id', '=', itemId)
    .execute()
}

async function countAttempt(cloud: Cloud, itemId: string, error: unknown): Promise<void> {
  const { tenant } = cloud.config
  const code: ReasonCode = 'api.internal'
  await inTenant(cloud.db, tenant, async (tx) => {
    const row = await tx
      .updateTable('inbox')
      .set((change) => ({ attempts: change('attempts', '+', 1) }))
      .where('tenant', '=', tenant)
      .where('item_id', '=', itemId)
      .where('state', '=', 'waiting')
      .returning(['attempts', 'kind', 'bytes'])
      .executeTakeFirst()
    if (row === undefined || row.attempts < attemptsMax) return
    await quarantine(cloud, tx, 'phone', [{ what: row.kind, code, bytes: toBytes(row.bytes) }])
    await finish(cloud, tx, itemId, { kind: 'refused', refusal: refusal(code) })
  })
  process.stderr.write(`inbox item ${itemId} could not be processed: ${describe(error)}\n`)
}

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

/** Only text that has been parsed before gets into the inbox. */
const parseJson = (bytes: Bytes): unknown => JSON.parse(new TextDecoder().decode(bytes))

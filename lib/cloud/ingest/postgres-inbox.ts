/** The inbox as rows: waiting items are found by a partial index and locked while somebody works on them. */

import { sql } from 'kysely'
import { toBytes } from '@/lib/core/bytes'
import type { OperatorId } from '@/lib/core/ids'
import { rowSource, type RowColumn } from '../database/row-source'
import type { TenantTransaction } from '../database/connection'
import {
  upToBytes,
  type FinishedItem,
  type InboxItem,
  type ItemKind,
  type ItemOutcome,
  type ReconcileTransaction,
} from './store'

type InboxOperations = Pick<
  ReconcileTransaction,
  | 'putItem'
  | 'hasRoomFor'
  | 'outcomeOf'
  | 'waitingItems'
  | 'claimItems'
  | 'claimOldest'
  | 'finishItems'
  | 'countAttempt'
>

interface ItemRow {
  readonly item_id: string
  readonly kind: ItemKind
  readonly bytes: Buffer
}

const toItem = (row: ItemRow): InboxItem => ({
  itemId: row.item_id,
  kind: row.kind,
  bytes: toBytes(row.bytes),
})

const finishedColumns: readonly RowColumn<FinishedItem>[] = [
  ['item_id', 'text', ({ itemId }) => itemId],
  ['state', 'text', ({ outcome }) => (outcome.kind === 'refused' ? 'refused' : 'done')],
  ['outcome', 'text', ({ outcome }) => JSON.stringify(outcome)],
]

const claim = (tx: TenantTransaction, tenant: OperatorId) =>
  tx
    .selectFrom('inbox')
    .select(['item_id', 'kind', 'bytes'])
    .where('tenant', '=', tenant)
    .where('state', '=', 'waiting')
    .orderBy('received_at_s')
    .orderBy('item_id')
    .forUpdate()
    .skipLocked()

export const postgresInbox = (tx: TenantTransaction, tenant: OperatorId): InboxOperations => ({
  async putItem({ itemId, kind, bytes }, nowS) {
    await sql`
      insert into inbox (tenant, item_id, kind, bytes, state, received_at_s)
      values (${tenant}, ${itemId}, ${kind}, ${Buffer.from(bytes)}, 'waiting', ${nowS})
      on conflict (tenant, item_id) do update set state = 'waiting', outcome = null, attempts = 0
      where inbox.state = 'refused' or (inbox.kind = 'bundle' and inbox.outcome -> 'refused' is not null)`.execute(
      tx,
    )
  },
  hasRoomFor: (itemId, waitingMax) => hasRoomFor(tx, tenant, itemId, waitingMax),
  async outcomeOf(itemId) {
    const row = await tx
      .selectFrom('inbox')
      .select(['state', 'outcome'])
      .where('tenant', '=', tenant)
      .where('item_id', '=', itemId)
      .executeTakeFirst()
    return row === undefined || row.state === 'waiting' ? undefined : (row.outcome as ItemOutcome)
  },
  async waitingItems(countMax) {
    const rows = await tx
      .selectFrom('inbox')
      .select('item_id')
      .where('tenant', '=', tenant)
      .where('state', '=', 'waiting')
      .orderBy('received_at_s')
      .orderBy('item_id')
      .limit(countMax)
      .execute()
    return rows.map(({ item_id }) => item_id)
  },
  async claimItems(itemIds) {
    const rows = await claim(tx, tenant)
      .where('item_id', 'in', [...itemIds])
      .execute()
    return rows.map(toItem)
  },
  async claimOldest(countMax, bytesMax) {
    const rows = countMax === 0 ? [] : await claim(tx, tenant).limit(countMax).execute()
    return upToBytes(rows.map(toItem), bytesMax)
  },
  async finishItems(finished, nowS) {
    if (finished.length === 0) return
    const { from, values } = rowSource(finished, finishedColumns)
    const [itemId, state, outcome] = values
    await sql`
      update inbox i set state = ${state}, outcome = ${outcome}::jsonb, done_at_s = ${nowS}::bigint
      from ${from} where i.tenant = ${tenant} and i.item_id = ${itemId}`.execute(tx)
  },
  async countAttempt(itemId) {
    const row = await tx
      .updateTable('inbox')
      .set((change) => ({ attempts: change('attempts', '+', 1) }))
      .where('tenant', '=', tenant)
      .where('item_id', '=', itemId)
      .where('state', '=', 'waiting')
      .returning(['item_id', 'attempts', 'kind', 'bytes'])
      .executeTakeFirst()
    return row === undefined ? undefined : { ...toItem(row), attempts: row.attempts }
  },
})

async function hasRoomFor(
  tx: TenantTransaction,
  tenant: OperatorId,
  itemId: string,
  waitingMax: number,
): Promise<boolean> {
  const { rows } = await sql<{ has_room: boolean }>`
    select (
      select count(*) from (
        select from inbox where tenant = ${tenant} and state = 'waiting' limit ${waitingMax}
      ) as waiting
    ) < ${waitingMax} or exists (
      select from inbox where tenant = ${tenant} and item_id = ${itemId}
    ) as has_room`.execute(tx)
  return rows[0]?.has_room ?? false
}

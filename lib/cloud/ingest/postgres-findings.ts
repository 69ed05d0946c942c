/** What chargers met and what is settled of theirs, as rows. */

import { sql } from 'kysely'
import { grantSerial, messageHash, sessionId, type OperatorId } from '@/lib/core/ids'
import type { TenantTransaction } from '../database/connection'
import type { ReconcileTransaction } from './store'

type FindingOperations = Pick<ReconcileTransaction, 'keepSightings' | 'sightingsOf' | 'settledReceipts'>

/** Receipts that one call walks on; a charger that synced after months goes on with its next acknowledgement. */
const receiptsPerWalk = 10_000

export const postgresFindings = (tx: TenantTransaction, tenant: OperatorId): FindingOperations => ({
  async keepSightings(sightings, nowS) {
    if (sightings.length === 0) return
    await sql`
      insert into sightings (tenant, serial, seq, hash, session_id, seen_at_s)
      select ${tenant}::text, n.serial, n.seq, n.hash, n.session_id, ${nowS}::bigint
      from unnest(
        ${sightings.map(({ serial }) => serial)}::text[], ${sightings.map(({ seq }) => seq)}::integer[],
        ${sightings.map(({ hash }) => hash)}::text[], ${sightings.map(({ toldIn }) => toldIn)}::text[]
      ) as n (serial, seq, hash, session_id)
      order by n.serial, n.seq, n.hash
      on conflict do nothing`.execute(tx)
  },
  async sightingsOf(serials) {
    const { rows } = await sql<{ serial: string; seq: number; hash: string; session_id: string }>`
      select serial, seq, hash, session_id from sightings
      where tenant = ${tenant} and serial = any(${[...serials]}::text[])
      order by serial collate "C", seq, hash collate "C"`.execute(tx)
    return rows.map((row) => ({
      serial: grantSerial(row.serial),
      seq: row.seq,
      hash: messageHash(row.hash),
      toldIn: sessionId(row.session_id),
    }))
  },
  async settledReceipts(chargerId, serialsMax) {
    const { rows } = await sql<{ counter: number }>`
      select counter from settled_receipts where tenant = ${tenant} and charger_id = ${chargerId}`.execute(tx)
    const known = rows[0]?.counter ?? 0
    const { rows: later } = await sql<{ counter: number }>`
      select distinct receipt_counter as counter from charging_sessions
      where tenant = ${tenant} and charger_id = ${chargerId} and receipt_counter > ${known} and state = 'settled'
      order by receipt_counter limit ${receiptsPerWalk}`.execute(tx)
    let counter = known
    for (const row of later) if (row.counter === counter + 1) counter += 1
    if (counter > known) {
      await sql`
        insert into settled_receipts (tenant, charger_id, counter)
        values (${tenant}, ${chargerId}, ${counter})
        on conflict (tenant, charger_id) do update set counter = greatest(settled_receipts.counter, excluded.counter)`.execute(
        tx,
      )
    }
    const { rows: held } = await sql<{ serial: string }>`
      select distinct s.serial from cases c
      join charging_sessions s on s.tenant = ${tenant} and s.session_id = c.session_id
      where c.tenant = ${tenant} and c.state <> 'decided' and s.charger_id = ${chargerId} and s.serial is not null
      order by s.serial limit ${serialsMax}`.execute(tx)
    return { counter, heldSerials: held.map(({ serial }) => grantSerial(serial)) }
  },
})

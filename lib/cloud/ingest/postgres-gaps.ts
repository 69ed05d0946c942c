/** Gaps of devices as rows: one a device and kind, kept with the time at which it was seen first. */

import { sql } from 'kysely'
import { toBytes } from '@/lib/core/bytes'
import { sessionId, type OperatorId } from '@/lib/core/ids'
import { resolveCases } from '../cases/resolve'
import type { TenantTransaction } from '../database/connection'
import type { DeviceGap, GapStore, ReceiptGap, StandingGap } from './gap-store'

export const postgresGaps = (tx: TenantTransaction, tenant: OperatorId): GapStore => ({
  async noteGaps(gaps, nowS) {
    for (const { device, what, epoch, missingFrom, knownTo, proof } of inOrder(gaps)) {
      const bytes = proof === undefined ? null : Buffer.from(proof)
      await sql`
        insert into device_gaps (tenant, device, what, epoch, missing_from, known_to, proof, seen_at_s)
        values (${tenant}, ${device}, ${what}, ${epoch}, ${missingFrom}, ${knownTo}, ${bytes}, ${nowS})
        on conflict (tenant, device, what, epoch) do update set
          missing_from = excluded.missing_from, known_to = excluded.known_to, proof = excluded.proof,
          seen_at_s = excluded.seen_at_s, filled_at_s = null
        where device_gaps.missing_from <> excluded.missing_from or device_gaps.filled_at_s is not null`.execute(
        tx,
      )
    }
  },
  receiptGaps: (devices, countMax) => receiptGaps(tx, tenant, devices, countMax),
  async standingGaps(countMax) {
    const rows = await tx
      .selectFrom('device_gaps')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('filled_at_s', 'is', null)
      .orderBy('seen_at_s')
      .orderBy('device')
      .orderBy('what')
      .orderBy('epoch')
      .limit(countMax)
      .execute()
    return rows.map(({ device, what, epoch, proof, ...row }): StandingGap => ({
      ...{ device, what, epoch, missingFrom: row.missing_from, knownTo: row.known_to },
      proof: proof === null ? undefined : toBytes(proof),
      seenAtS: row.seen_at_s,
    }))
  },
  async endGaps(gaps, nowS) {
    for (const { device, what, epoch } of inOrder(gaps)) {
      await tx
        .updateTable('device_gaps')
        .set({ filled_at_s: nowS })
        .where('tenant', '=', tenant)
        .where('device', '=', device)
        .where('what', '=', what)
        .where('epoch', '=', epoch)
        .execute()
    }
  },
  resolveCases: (kind, chargerIds, nowS) => resolveCases(tx, tenant, kind, chargerIds, nowS),
})

/** Looks at what lies above the receipts that are known to be settled without a gap, charger by charger. */
async function receiptGaps(
  tx: TenantTransaction,
  tenant: OperatorId,
  devices: readonly string[] | undefined,
  countMax: number,
): Promise<readonly ReceiptGap[]> {
  const { rows } = await sql<ReceiptGapRow>`
    select c.charger_id as device, w.previous + 1 as missing_from, w.receipt_counter as known_to, w.session_id
    from chargers c
    left join settled_receipts r on r.tenant = ${tenant} and r.charger_id = c.charger_id
    cross join lateral (
      select n.* from (
        select s.session_id, s.receipt_counter,
          coalesce(lag(s.receipt_counter) over (order by s.receipt_counter), r.counter, 0) as previous
        from charging_sessions s
        where s.tenant = ${tenant} and s.charger_id = c.charger_id and s.state = 'settled'
          and s.receipt_counter > coalesce(r.counter, 0)
      ) n
      where n.receipt_counter > n.previous + 1 order by n.receipt_counter, n.session_id limit 1
    ) w
    where c.tenant = ${tenant} and (${devices ?? null}::text[] is null or c.charger_id = any(${devices ?? null}::text[]))
    order by c.charger_id limit ${countMax}`.execute(tx)
  return rows.map((row) => ({
    device: row.device,
    missingFrom: row.missing_from,
    knownTo: row.known_to,
    sessionId: sessionId(row.session_id),
  }))
}

/** Locks in one order, whoever brings what. */
const inOrder = <T extends DeviceGap>(gaps: readonly T[]): readonly T[] => {
  const name = ({ device, what, epoch }: DeviceGap): string => `${device} ${what} ${epoch}`
  return gaps.toSorted((left, right) => (name(left) < name(right) ? -1 : 1))
}

interface ReceiptGapRow {
  readonly device: string
  readonly missing_from: number
  readonly known_to: number
  readonly session_id: string
}

/** Sessions as rows, written with one statement however many they are. */

import { sql } from 'kysely'
import { grantSerial, messageHash, sessionId, type OperatorId } from '@/lib/core/ids'
import { ownerAccount } from '../ledger/accounts'
import type { TenantTransaction } from '../database/connection'
import type { ChainLink } from './chain-check'
import { sessionStates } from './queries'
import type { ReconcileTransaction, SessionRecord } from './store'

type SessionOperations = Pick<
  ReconcileTransaction,
  'lockSessions' | 'writeSessions' | 'sessionStandings' | 'chainLinks'
>

export const postgresSessions = (tx: TenantTransaction, tenant: OperatorId): SessionOperations => ({
  async lockSessions(ids, nowS) {
    await sql`
      insert into charging_sessions (tenant, session_id, state, hold_state, updated_at_s)
      select ${tenant}::text, id, 'orphan', 'none', ${nowS}::bigint from unnest(${[...ids]}::text[]) as id
      on conflict do nothing`.execute(tx)
    const { rows } = await sql<SessionColumns>`
      select session_id as "sessionId", serial, owner, seq, previous_hash as "previousHash",
        gross_minor as "grossMinor", hold_minor as "holdMinor", currency, authorized_at_s as "authorizedAtS",
        charger_id as "chargerId", site_label as "siteLabel", bay_label as "bayLabel", state,
        hold_state as "holdState", posted_minor as "postedMinor", posted_tax_minor as "postedTaxMinor",
        disputed_minor as "disputedMinor", dispute_reference as "disputeReference", energy_wh as "energyWh",
        decided_from_minor as "decidedFromMinor", decided_to_minor as "decidedToMinor",
        refunded_minor as "refundedMinor", refunded_tax_minor as "refundedTaxMinor",
        evidence_forgotten_at_s is not null as "isForgotten",
        by_phone as "byPhone", by_charger as "byCharger"
      from charging_sessions
      where tenant = ${tenant} and session_id = any(${[...ids]}::text[])
      order by session_id collate "C" for update`.execute(tx)
    return new Map(rows.map((row) => [sessionId(row.sessionId), toRecord(row)]))
  },
  writeSessions: (records, nowS) => writeSessions(tx, tenant, records, nowS),
  sessionStandings: (ids) => sessionStates(tx, tenant, ids),
  async chainLinks(serials) {
    if (serials.length === 0) return []
    const rows = await tx
      .selectFrom('charging_sessions')
      .select(['session_id', 'serial', 'seq', 'previous_hash', 'gross_minor', 'hold_minor'])
      .where('tenant', '=', tenant)
      .where('serial', 'in', [...serials])
      .orderBy('session_id')
      .execute()
    return rows.map((row): ChainLink => ({
      sessionId: sessionId(row.session_id),
      serial: grantSerial(row.serial ?? ''),
      seq: row.seq ?? 0,
      previous: messageHash(row.previous_hash ?? ''),
      grossMinor: row.gross_minor ?? 0,
      holdMinor: row.hold_minor ?? 0,
    }))
  },
})

type SessionColumns = Omit<SessionRecord, 'decisions'> & {
  readonly decidedFromMinor: number | null
  readonly decidedToMinor: number | null
  readonly refundedMinor: number
  readonly refundedTaxMinor: number
}

const toRecord = ({
  decidedFromMinor: fromMinor,
  decidedToMinor: toMinor,
  refundedMinor,
  refundedTaxMinor,
  ...row
}: SessionColumns): SessionRecord => ({
  ...row,
  decisions: {
    decided: fromMinor === null || toMinor === null ? undefined : { fromMinor, toMinor },
    refundedMinor,
    refundedTaxMinor,
  },
  sessionId: sessionId(row.sessionId),
  serial: row.serial === null ? null : grantSerial(row.serial),
  owner: row.owner === null ? null : ownerAccount(row.owner),
})

async function writeSessions(
  tx: TenantTransaction,
  tenant: OperatorId,
  records: readonly SessionRecord[],
  nowS: number,
): Promise<void> {
  const column = <T>(pick: (record: SessionRecord) => T): T[] => records.map(pick)
  await sql`
    update charging_sessions s set
      serial = n.serial, owner = n.owner, seq = n.seq, previous_hash = n.previous_hash, gross_minor = n.gross_minor,
      hold_minor = n.hold_minor, currency = n.currency, authorized_at_s = n.authorized_at_s,
      charger_id = n.charger_id, site_label = n.site_label, bay_label = n.bay_label, state = n.state,
      hold_state = n.hold_state, posted_minor = n.posted_minor, posted_tax_minor = n.posted_tax_minor,
      disputed_minor = n.disputed_minor, dispute_reference = n.dispute_reference, energy_wh = n.energy_wh,
      by_phone = n.by_phone, by_charger = n.by_charger, refunded_minor = n.refunded_minor,
      refunded_tax_minor = n.refunded_tax_minor, updated_at_s = ${nowS}::bigint
    from unnest(
      ${column((row) => row.sessionId)}::text[], ${column((row) => row.serial)}::text[],
      ${column((row) => row.owner)}::text[], ${column((row) => row.seq)}::integer[],
      ${column((row) => row.previousHash)}::text[], ${column((row) => row.grossMinor)}::bigint[],
      ${column((row) => row.holdMinor)}::bigint[], ${column((row) => row.currency)}::text[],
      ${column((row) => row.authorizedAtS)}::bigint[], ${column((row) => row.chargerId)}::text[],
      ${column((row) => row.siteLabel)}::text[], ${column((row) => row.bayLabel)}::text[],
      ${column((row) => row.state)}::text[], ${column((row) => row.holdState)}::text[],
      ${column((row) => row.postedMinor)}::bigint[], ${column((row) => row.postedTaxMinor)}::bigint[],
      ${column((row) => row.disputedMinor)}::bigint[], ${column((row) => row.disputeReference)}::text[],
      ${column((row) => row.energyWh)}::bigint[], ${column((row) => row.byPhone)}::boolean[],
      ${column((row) => row.byCharger)}::boolean[], ${column((row) => row.decisions.refundedMinor)}::bigint[],
      ${column((row) => row.decisions.refundedTaxMinor)}::bigint[]
    ) as n (session_id, serial, owner, seq, previous_hash, gross_minor, hold_minor, currency, authorized_at_s,
      charger_id, site_label, bay_label, state, hold_state, posted_minor, posted_tax_minor, disputed_minor,
      dispute_reference, energy_wh, by_phone, by_charger, refunded_minor, refunded_tax_minor)
    where s.tenant = ${tenant} and s.session_id = n.session_id`.execute(tx)
}

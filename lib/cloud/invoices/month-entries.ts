/**
 * What moved in a month between a fleet's accounts and the operator's accounts of revenue and tax, session by session, a
 * piece at a time. The fleet's accounts are those of its statement (credit/statement.ts): own, set aside, drawn, owed.
 */

import { sql, type RawBuilder } from 'kysely'
import { sessionId as toSessionId, type OperatorId } from '@/lib/core/ids'
import type { TenantTransaction } from '../database/connection'
import { loadEvidence } from '../ingest/stored-evidence'
import { creditLineAccount, fleetAccount, receivableAccount } from '../ledger/accounts'
import type { EntryKind, MonthEntry } from './invoice-document'
import { roundestRate } from './roundest-rate'

export interface MonthScope {
  readonly tenant: OperatorId
  readonly currency: string
  readonly fleetId: string
  readonly month: string
}

/** With what a table of sessions says beside. */
export interface SessionEntry extends MonthEntry {
  readonly sessionId: string
  readonly driverName: string
  readonly bayLabel: string
  readonly chargerId: string
  readonly authorizedAtS: number | null
}

/** The last one of the piece before; nothing before the first. */
export type EntryPlace = Pick<SessionEntry, 'sessionId' | 'kind'>

export async function readEntries(
  tx: TenantTransaction,
  scope: MonthScope,
  after: EntryPlace | undefined,
  countMax: number,
): Promise<readonly SessionEntry[]> {
  const { tenant, fleetId } = scope
  const { rows } = await sql<Row>`
    with ${movedOf(scope)}, page as (
      select session_id, kind, coalesce(sum(amount) filter (where not is_tax), 0)::bigint as net_minor,
        coalesce(sum(amount) filter (where is_tax), 0)::bigint as tax_minor
      from moved where (session_id collate "C", kind collate "C") > (${after?.sessionId ?? ''}, ${after?.kind ?? ''})
      group by session_id, kind order by session_id collate "C", kind collate "C" limit ${countMax}
    )
    select p.*, s.site_label, s.bay_label, s.charger_id, s.energy_wh, s.authorized_at_s,
      s.posted_minor + s.upheld_minor as posted_minor, s.posted_tax_minor + s.upheld_tax_minor as posted_tax_minor,
      coalesce(t.driver_name, f.label, '') as driver_name
    from page p
    left join charging_sessions s on s.tenant = ${tenant} and s.session_id = p.session_id
    left join grants g on g.tenant = ${tenant} and g.serial = s.serial
    left join fleet_tokens t on t.tenant = ${tenant} and t.serial = coalesce(g.root_serial, s.serial)
      and t.fleet_id = ${fleetId}
    left join fleet_cards f on f.tenant = ${tenant} and f.serial = s.serial and f.fleet_id = ${fleetId}
    order by p.session_id collate "C", p.kind collate "C"`.execute(tx)
  const rates = await offeredRates(tx, tenant, rows)
  return rows.map((row) => toEntry(row, rates.get(row.session_id)))
}

/** Given in the month without being owed. */
export async function goodwillOf(tx: TenantTransaction, scope: MonthScope): Promise<number> {
  const { tenant, currency, fleetId } = scope
  const { rows } = await sql<{ amount: number }>`
    select coalesce(sum(t.amount_minor), 0)::bigint as amount from ledger_transfers t
    where t.tenant = ${tenant} and t.credit = ${fleetAccount(fleetId)} and t.currency = ${currency}
      and t.kind = 'goodwill' and ${isWithin(scope)}`.execute(tx)
  return rows[0]?.amount ?? 0
}

interface Row {
  readonly session_id: string
  readonly kind: EntryKind
  readonly net_minor: number
  readonly tax_minor: number
  readonly site_label: string | null
  readonly bay_label: string | null
  readonly charger_id: string | null
  readonly energy_wh: number | null
  readonly authorized_at_s: number | null
  readonly posted_minor: number | null
  readonly posted_tax_minor: number | null
  readonly driver_name: string
}

const isWithin = ({ month }: MonthScope): RawBuilder<unknown> => sql`
  t.effect in ('post', 'post-pending') and t.created_at >= (${month}::text || '-01')::timestamp at time zone 'UTC'
  and t.created_at < ((${month}::text || '-01')::timestamp + interval '1 month') at time zone 'UTC'`

/** Transfers are named by their session, or by the case that decided about one. */
function movedOf(scope: MonthScope): RawBuilder<unknown> {
  const { tenant, currency, fleetId } = scope
  const owner = fleetAccount(fleetId)
  const fixed = [owner, creditLineAccount(fleetId), receivableAccount(owner)]
  const crossing = sql`t.tenant = ${tenant} and t.currency = ${currency} and ${isWithin(scope)}`
  return sql`own as (
      select unnest(${fixed}::text[]) as account
      union all
      select 'reserve:' || serial from reserves where tenant = ${tenant} and owner = ${owner}
    ), crossed as (
      select t.reference, t.kind, t.credit = 'tax' as is_tax, t.amount_minor as amount
      from own join ledger_transfers t on t.debit = own.account and t.credit in ('revenue', 'tax') and ${crossing}
      union all
      select t.reference, t.kind, t.debit = 'tax', -t.amount_minor
      from own join ledger_transfers t on t.credit = own.account and t.debit in ('revenue', 'tax') and ${crossing}
    ), moved as (
      select c.amount, c.is_tax, coalesce(k.session_id, split_part(c.reference, '/', 1)) as session_id,
        case when c.kind in ('settle', 'settle-tax') then 'settled'
          when c.kind in ('correct', 'correct-tax') then 'corrected'
          when c.kind in ('uphold', 'uphold-tax') then 'upheld'
          when c.kind in ('refund', 'refund-tax') then 'refunded' else 'other' end as kind
      from crossed c left join cases k on k.tenant = ${tenant} and k.case_id = split_part(c.reference, '/', 1)
        and c.kind in ('uphold', 'uphold-tax', 'refund', 'refund-tax')
    )`
}

/** By the offers that the sessions stood on, where they are still here. */
async function offeredRates(
  tx: TenantTransaction,
  tenant: OperatorId,
  rows: readonly Row[],
): Promise<ReadonlyMap<string, number>> {
  const known = rows.filter(({ posted_minor: posted }) => posted !== null)
  const ids = [...new Set(known.map(({ session_id: id }) => id))].map(toSessionId)
  const rates = new Map<string, number>()
  for (const piece of await loadEvidence(tx, tenant, ids)) {
    const offer = piece.kind === 'consent' ? undefined : piece.offer
    if (offer !== undefined && !rates.has(piece.sessionId))
      rates.set(piece.sessionId, offer.tariff.taxBasisPoints)
  }
  return rates
}

function toEntry(row: Row, offeredRate: number | undefined): SessionEntry {
  const [gross, tax] =
    (row.posted_minor ?? 0) > 0
      ? [row.posted_minor ?? 0, row.posted_tax_minor ?? 0]
      : [Math.abs(row.net_minor + row.tax_minor), Math.abs(row.tax_minor)]
  return {
    sessionId: row.session_id,
    kind: row.kind,
    rateBasisPoints: offeredRate ?? roundestRate(gross, tax),
    netMinor: row.net_minor,
    taxMinor: row.tax_minor,
    site: row.site_label ?? '',
    energyWh: row.energy_wh ?? 0,
    driverName: row.driver_name,
    bayLabel: row.bay_label ?? '',
    chargerId: row.charger_id ?? '',
    authorizedAtS: row.authorized_at_s,
  }
}

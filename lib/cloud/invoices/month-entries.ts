/**
 * What moved in a month between a fleet's accounts and the operator's accounts of revenue and tax, session by session, a
 * piece at a time. The fleet's accounts are those of its statement (credit/statement.ts): own, set aside, drawn, owed.
 */

import { sql, type RawBuilder } from 'kysely'
import { grantSerial, sessionId as toSessionId, type OperatorId } from '@/lib/core/ids'
import { arrayOf } from '../database/array-literal'
import type { TenantTransaction } from '../database/connection'
import { loadEvidence } from '../ingest/stored-evidence'
import {
  creditLineAccount,
  fleetAccount,
  receivableAccount,
  reserveAccount,
  type LedgerAccount,
} from '../ledger/accounts'
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

export interface EntryPiece {
  readonly entries: readonly SessionEntry[]
  /** After which the next piece begins; undefined: this was the last. */
  readonly next: string | undefined
}

/**
 * First what moved on the fleet's few fixed accounts, then grant by grant and card by card, so that each transfer is read
 * once however many there are. One way of moving a session's money knows one account, so no entry is in two pieces: refunds
 * go back to the owner, all else to and from what was set aside. A piece may be empty. `after` is `next` of the one before.
 */
export async function readEntries(
  tx: TenantTransaction,
  scope: MonthScope,
  after: string | undefined,
): Promise<EntryPiece> {
  const { tenant, fleetId } = scope
  const serials = after === undefined ? undefined : await nextSerials(tx, scope, after)
  const accounts = serials?.map((serial) => reserveAccount(grantSerial(serial))) ?? fixedAccounts(fleetId)
  const { rows } = await sql<Row>`
    with ${movedOf(scope, accounts)}, summed as (
      select session_id, kind, coalesce(sum(amount) filter (where not is_tax), 0)::bigint as net_minor,
        coalesce(sum(amount) filter (where is_tax), 0)::bigint as tax_minor
      from moved group by session_id, kind
    )
    select p.session_id, p.kind, p.net_minor, p.tax_minor, s.site_label, s.bay_label, s.charger_id, s.energy_wh, s.authorized_at_s,
      s.posted_minor + s.upheld_minor as posted_minor, s.posted_tax_minor + s.upheld_tax_minor as posted_tax_minor,
      coalesce(t.driver_name, f.label, '') as driver_name
    from summed p
    ${oneOf('charging_sessions', 's', sql`one.tenant = ${tenant} and one.session_id = p.session_id`)}
    ${oneOf('grants', 'g', sql`one.tenant = ${tenant} and one.serial = s.serial`)}
    left join fleet_tokens t on t.tenant = ${tenant} and t.serial = coalesce(g.root_serial, s.serial)
      and t.fleet_id = ${fleetId}
    left join fleet_cards f on f.tenant = ${tenant} and f.serial = s.serial and f.fleet_id = ${fleetId}
    order by s.authorized_at_s, p.session_id collate "C", p.kind collate "C"`.execute(tx)
  const rates = await offeredRates(tx, tenant, rows)
  const next = serials === undefined ? '' : serials.length < serialsPerPiece ? undefined : serials.at(-1)
  return { entries: rows.map((row) => toEntry(row, rates.get(row.session_id))), next }
}

/** Row by row by its key: the planner cannot know how few they are, and would rather read everybody's. */
const oneOf = (table: 'charging_sessions' | 'grants', as: string, isIt: RawBuilder<unknown>) => sql`
  left join lateral (select one.* from ${sql.table(table)} one where ${isIt} offset 0)
    ${sql.ref(as)} on true`

const serialsPerPiece = 100
/** Sessions whose evidence is held at a time. */
const evidencePerPiece = 500

async function nextSerials(
  tx: TenantTransaction,
  { tenant, fleetId }: MonthScope,
  after: string,
): Promise<readonly string[]> {
  const { rows } = await sql<{ serial: string }>`
    select serial from reserves
    where tenant = ${tenant} and owner = ${fleetAccount(fleetId)} and serial > ${after}
    order by serial limit ${serialsPerPiece}`.execute(tx)
  return rows.map(({ serial }) => serial)
}

function fixedAccounts(fleetId: string): readonly LedgerAccount[] {
  const owner = fleetAccount(fleetId)
  return [owner, creditLineAccount(fleetId), receivableAccount(owner)]
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
function movedOf(scope: MonthScope, accounts: readonly LedgerAccount[]): RawBuilder<unknown> {
  const { tenant, currency } = scope
  const crossing = sql`t.tenant = ${tenant} and t.currency = ${currency} and ${isWithin(scope)}`
  // The index by credit leaves revenue and tax out, and is used where a query says so.
  return sql`own as (
      select unnest(${arrayOf(accounts)}::text[]) as account
    ), crossed as (
      select t.reference, t.kind, t.credit = 'tax' as is_tax, t.amount_minor as amount
      from own join ledger_transfers t on t.debit = own.account and t.credit in ('revenue', 'tax') and ${crossing}
      union all
      select t.reference, t.kind, t.debit = 'tax', -t.amount_minor
      from own join ledger_transfers t on t.credit = own.account and t.credit not in ('revenue', 'tax')
        and t.debit in ('revenue', 'tax') and ${crossing}
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
  for (let start = 0; start < ids.length; start += evidencePerPiece)
    for (const piece of await loadEvidence(tx, tenant, ids.slice(start, start + evidencePerPiece))) {
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

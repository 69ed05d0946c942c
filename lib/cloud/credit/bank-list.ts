/** Bank transfers by what became of them, a page at a time. For the operator's people, who see those of all fleets. */

import { sql } from 'kysely'
import type { CurrencyCode } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { transact, type TenantTransaction } from '../database/connection'
import type { OpenReason } from './bank-rows'
import type { CreditBooks } from './books'

export const bankRowStates = ['open', 'posted', 'left'] as const
export type BankRowState = (typeof bankRowStates)[number]

export interface ListedBankRow {
  readonly rowKey: string
  readonly bookedOn: string
  readonly amountMinor: number
  readonly currency: CurrencyCode
  readonly text: string
  readonly counterparty: string
  readonly state: BankRowState
  readonly reason: OpenReason | null
  readonly fleetNumber: number | null
  readonly fleetName: string | null
  readonly importedAtS: number
  readonly decidedAtS: number | null
}

export interface BankRowQuestion {
  readonly state: BankRowState
  /** `next` of the page before. */
  readonly after?: string | undefined
  readonly limit?: number | undefined
}

export interface BankRowPage {
  readonly rows: readonly ListedBankRow[]
  readonly next: string | null
  readonly waiting: { readonly count: number; readonly amountMinor: number }
  readonly currency: CurrencyCode
  readonly asOfS: number
}

const pageSize = 50

interface Place {
  readonly atS: number
  readonly rowKey: string
}

/** What waits stands oldest first, so that whoever decides sees the next ones; what is decided, newest first. */
export const bankRowsOf = (
  cloud: CreditBooks,
  { state, after, limit = pageSize }: BankRowQuestion,
): Promise<Result<BankRowPage, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const place = after === undefined ? undefined : readPlace(after)
    if (after !== undefined && place === undefined) return err(refusal('api.malformed'))
    const found = await readRows(cloud, tx, state, place, limit + 1)
    const rows = found.slice(0, limit)
    const last = found.length > limit ? rows.at(-1) : undefined
    return ok({
      rows,
      next: last === undefined ? null : `${last.decidedAtS ?? last.importedAtS}-${last.rowKey}`,
      waiting: await waitingIn(cloud, tx),
      currency: cloud.config.currency,
      asOfS: cloud.clock.nowS(),
    })
  })

function readPlace(text: string): Place | undefined {
  const [, atS, rowKey] = /^(\d{1,12})-([0-9a-f]{32,64})$/.exec(text) ?? []
  return atS === undefined || rowKey === undefined ? undefined : { atS: Number(atS), rowKey }
}

async function readRows(
  { config: { tenant } }: CreditBooks,
  tx: TenantTransaction,
  state: BankRowState,
  place: Place | undefined,
  limit: number,
): Promise<readonly ListedBankRow[]> {
  const order = state === 'open' ? sql`b.imported_at_s, b.row_key` : sql`b.decided_at_s desc, b.row_key`
  const { rows } = await sql<ListedBankRow>`
    select b.row_key as "rowKey", b.booked_on as "bookedOn", b.amount_minor as "amountMinor", b.currency,
      b.remittance as text, b.counterparty, b.state, b.reason, f.fleet_number as "fleetNumber",
      f.name as "fleetName", b.imported_at_s as "importedAtS", b.decided_at_s as "decidedAtS"
    from bank_rows b
    left join fleets f on f.tenant = b.tenant and f.fleet_id = b.fleet_id
    where b.tenant = ${tenant} and b.state = ${state} and ${beyond(state, place)}
    order by ${order} limit ${limit}`.execute(tx)
  return rows
}

function beyond(state: BankRowState, place: Place | undefined) {
  if (place === undefined) return sql`true`
  const { atS, rowKey } = place
  return state === 'open'
    ? sql`(b.imported_at_s, b.row_key) > (${atS}::bigint, ${rowKey}::text)`
    : sql`(b.decided_at_s < ${atS}::bigint or (b.decided_at_s = ${atS}::bigint and b.row_key > ${rowKey}::text))`
}

async function waitingIn(
  { config: { tenant } }: CreditBooks,
  tx: TenantTransaction,
): Promise<BankRowPage['waiting']> {
  const { rows } = await sql<BankRowPage['waiting']>`
    select count(*)::bigint as count, coalesce(sum(amount_minor), 0)::bigint as "amountMinor"
    from bank_rows where tenant = ${tenant} and state = 'open'`.execute(tx)
  return rows[0] ?? { count: 0, amountMinor: 0 }
}

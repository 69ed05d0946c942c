/**
 * The account as its driver reads it, page by page: what came in, what sessions cost, what came back, and what moved
 * between account and phones. Drawn from the books alone; several transfers of one step are one line.
 */

import { sql } from 'kysely'
import type { HistoryKind, HistoryLine, HistoryResponse } from '../api-types/trips'
import type { Cloud } from '../context'
import { inTenant } from '../database/connection'
import { walletAccount } from '../ledger/accounts'

const linesPerPage = 50

/** Where the page before begins: time in microseconds, then what tells lines of one moment apart. */
export interface HistoryCursor {
  readonly atMicros: string
  readonly id: string
}

export function parseCursor(text: string): HistoryCursor | undefined {
  const found = /^(\d{1,17})~([!-~]{1,160})$/.exec(text)
  return found?.[1] === undefined || found[2] === undefined ? undefined : { atMicros: found[1], id: found[2] }
}

const cursorText = ({ atMicros, id }: HistoryCursor): string => `${atMicros}~${id}`

interface Row {
  readonly id: string
  readonly kind: HistoryKind
  readonly at_micros: string
  readonly currency: string
  readonly amount: string
  readonly session_id: string | null
  readonly site_label: string | null
  readonly hold_minor: number | null
}

/**
 * Kinds of transfers → kinds of lines. What a session cost leaves a reserve, not the account; the sign is the account's
 * nonetheless, because its credit is what the reserve was filled from. Transfers that are not named here only shift
 * debts between accounts of the operator.
 */
const lineKinds = sql`case
  when kind = 'top-up' then 'top-up'
  when kind in ('settle', 'settle-tax', 'uphold', 'uphold-tax') then 'session'
  when kind = 'void' then 'hold-released'
  when kind in ('refund', 'refund-tax') then 'refund'
  when kind = 'goodwill' then 'goodwill'
  when kind in ('correct', 'correct-tax') then 'correction'
  when kind in ('card-refund', 'card-refund-returned') then 'card-refund'
  when kind in ('chargeback', 'chargeback-won') then 'chargeback'
  when kind = 'recover' then 'owed-paid'
  when kind in ('reserve', 'cover-balance') then 'taken-along'
  when kind in ('release', 'uncover-balance') then 'given-back'
end`

export async function accountHistory(
  cloud: Cloud,
  accountId: string,
  cursor: HistoryCursor | undefined,
): Promise<HistoryResponse> {
  const { tenant } = cloud.config
  const owner = walletAccount(accountId)
  const earlier =
    cursor === undefined ? sql`true` : sql`(at_micros, id) < (${cursor.atMicros}::bigint, ${cursor.id})`
  const { rows } = await inTenant(cloud.db, tenant, (tx) =>
    sql<Row>`
    with own as (
      select 'reserve:' || serial as account from reserves where tenant = ${tenant} and owner = ${owner}
    ), moves as (
      select reference, kind, amount_minor, currency, created_at, credit = ${owner} as comes_in
      from ledger_transfers where tenant = ${tenant} and (debit = ${owner} or credit = ${owner})
      union all
      select t.reference, t.kind, t.amount_minor, t.currency, t.created_at, false
      from own join ledger_transfers t on t.tenant = ${tenant} and t.debit = own.account
      where t.kind in ('settle', 'settle-tax', 'void', 'uphold', 'uphold-tax')
      union all
      select t.reference, t.kind, t.amount_minor, t.currency, t.created_at, true
      from own join ledger_transfers t on t.tenant = ${tenant} and t.credit = own.account
        and t.credit not in ('revenue','tax')
      where t.kind in ('correct', 'correct-tax')
    ), named as (
      select *, ${lineKinds} as line from moves
    ), lines as (
      select reference, line as kind, currency, line || ':' || reference as id,
        (extract(epoch from max(created_at)) * 1000000)::bigint as at_micros,
        sum(case when comes_in then amount_minor else -amount_minor end)::bigint as amount
      from named where line is not null group by reference, line, currency
    )
    select l.id, l.kind, l.at_micros::text, l.currency, l.amount::text,
      s.session_id, s.site_label, s.hold_minor
    from (
      select * from lines where ${earlier} order by at_micros desc, id desc limit ${linesPerPage + 1}
    ) l
    left join charging_sessions s on s.tenant = ${tenant} and s.owner = ${owner}
      and s.session_id = l.reference and l.kind in ('session', 'hold-released', 'correction')
    order by l.at_micros desc, l.id desc`.execute(tx),
  )
  const page = rows.slice(0, linesPerPage)
  const last = page.at(-1)
  return {
    lines: page.map(lineOf),
    before:
      rows.length > linesPerPage && last !== undefined
        ? cursorText({ atMicros: last.at_micros, id: last.id })
        : null,
  }
}

/** These move credit between the account and its phones: how much counts, not which way. */
const isMove = (kind: HistoryKind): boolean =>
  kind === 'taken-along' || kind === 'given-back' || kind === 'hold-released'

function lineOf(row: Row): HistoryLine {
  const amountMinor = Number(row.amount)
  return {
    id: row.id,
    kind: row.kind,
    atS: Math.floor(Number(row.at_micros) / 1_000_000),
    currency: row.currency,
    amountMinor: isMove(row.kind) ? Math.abs(amountMinor) : amountMinor,
    ...(row.session_id === null ? {} : { sessionId: row.session_id }),
    ...(row.site_label === null ? {} : { siteLabel: row.site_label }),
    ...(row.hold_minor === null ? {} : { heldMinor: row.hold_minor }),
  }
}

/**
 * A month of a fleet's credit, added up from the transfers of the books. All accounts of the fleet are looked at as one: its
 * own, what is set aside in its grants and cards, its credit line and what it owes. What moves between them changes nothing
 * for the fleet; what crosses their border is a line. So opening balance and lines make the closing balance, always.
 */

import { sql } from 'kysely'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { Cloud } from '../context'
import { transact, type TenantTransaction } from '../database/connection'
import { monthAt } from '../invoices/months'
import { creditLineAccount, fleetAccount, receivableAccount } from '../ledger/accounts'
import { type TransferKind, transferKinds } from '../ledger/transfer'
import { movedFrom, type Moved } from './statement-months'

export const statementLines = ['card', 'bank', 'charging', 'tax', 'refunds', 'card-returns', 'other'] as const
export type StatementLine = (typeof statementLines)[number]

/** Kinds that cross the border of what is the fleet's. Whatever is not named here is inside, or is shown as `other`. */
const lineOf: Readonly<Partial<Record<TransferKind, StatementLine>>> = {
  ...{ 'top-up': 'card', 'bank-transfer': 'bank' },
  ...{ settle: 'charging', uphold: 'charging', correct: 'charging' },
  ...{ 'settle-tax': 'tax', 'uphold-tax': 'tax', 'correct-tax': 'tax' },
  ...{ refund: 'refunds', 'refund-tax': 'refunds', goodwill: 'refunds', 'write-off': 'refunds' },
  ...{ 'card-refund': 'card-returns', 'card-refund-owed': 'card-returns' },
  ...{ 'card-refund-returned': 'card-returns', chargeback: 'card-returns' },
  ...{ 'chargeback-owed': 'card-returns', 'chargeback-won': 'card-returns' },
}

export interface Statement {
  readonly month: string
  readonly currency: string
  readonly openingMinor: number
  /** Positive into the fleet's credit. Only lines on which something moved. */
  readonly lines: readonly {
    readonly line: StatementLine
    readonly amountMinor: number
    readonly transfers: number
  }[]
  readonly closingMinor: number
  /** Moved inside: into tokens and cards, and back. */
  readonly setAsideMinor: number
  readonly releasedMinor: number
  /** The month is not over. */
  readonly isOpen: boolean
  /** The first month that the fleet has. */
  readonly firstMonth: string
}

export const statementOfMonth = (
  cloud: Cloud,
  fleetId: string,
  month: string | undefined,
): Promise<Result<Statement, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant, currency } = cloud.config
    const fleet = await tx
      .selectFrom('fleets')
      .select('created_at_s')
      .where('tenant', '=', tenant)
      .where('fleet_id', '=', fleetId)
      .executeTakeFirst()
    if (fleet === undefined) return err(refusal('api.not-found'))
    // The books' own clock dates transfers, so it says what month it is.
    const { rows: clock } = await sql<{ now: Date }>`select now() as now`.execute(tx)
    const present = monthOf(clock[0]?.now ?? new Date(0))
    const created = monthAt(fleet.created_at_s)
    const wanted = month ?? present
    const { during, after } = await movedFrom(tx, {
      tenant,
      currency,
      fleetId,
      month: wanted,
      firstMonth: created,
      present,
    })
    const closingMinor = (await balanceNow(cloud, tx, fleetId)) - total(after)
    return ok({
      month: wanted,
      currency,
      openingMinor: closingMinor - total(during),
      lines: linesOf(during),
      closingMinor,
      setAsideMinor: insideOf(during, 'reserve'),
      releasedMinor: insideOf(during, 'release'),
      isOpen: wanted >= present,
      firstMonth: created < present ? created : present,
    })
  })

const monthOf = (at: Date): string => at.toISOString().slice(0, 7)

const total = (rows: readonly Moved[]): number => rows.reduce((sum, { amount }) => sum + amount, 0)

const insideOf = (rows: readonly Moved[], kind: TransferKind): number =>
  rows.filter((row) => row.kind === kind).reduce((sum, { inside }) => sum + inside, 0)

function linesOf(rows: readonly Moved[]): Statement['lines'] {
  return statementLines
    .map((line) => {
      const mine = rows.filter(({ kind }) => lineOfKind(kind) === line)
      const transfers = mine.reduce((sum, row) => sum + row.transfers, 0)
      return { line, amountMinor: total(mine), transfers }
    })
    .filter(({ amountMinor, transfers }) => amountMinor !== 0 || transfers > 0)
}

/** A kind that nobody gave a line still counts, so that the statement foots. */
const lineOfKind = (text: string): StatementLine => {
  const kind = transferKinds.find((candidate) => candidate === text)
  return (kind === undefined ? undefined : lineOf[kind]) ?? 'other'
}

/** By the sums that stand with the accounts; proveLedger holds them to the transfers. */
async function balanceNow(
  { config: { tenant, currency } }: Cloud,
  tx: TenantTransaction,
  fleetId: string,
): Promise<number> {
  const owner = fleetAccount(fleetId)
  const fixed = [owner, creditLineAccount(fleetId), receivableAccount(owner)]
  const { rows } = await sql<{ balance: number }>`
    select coalesce(sum(a.posted_credits - a.posted_debits), 0)::bigint as balance
    from ledger_accounts a
    where a.tenant = ${tenant} and a.currency = ${currency} and (a.account = any(${fixed}::text[]) or a.account in (
      select 'reserve:' || serial from reserves where tenant = ${tenant} and owner = ${owner}))`.execute(tx)
  return rows[0]?.balance ?? 0
}

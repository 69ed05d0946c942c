/** Reads the books: balances, statements, and the proof that they add up. */

import { sql } from 'kysely'
import type { CurrencyCode, OperatorId } from '@/lib/core/ids'
import { minorUnits, type MinorUnits } from '@/lib/core/units'
import type { TenantTransaction } from '../database/connection'
import type { AccountClass, LedgerAccount } from './accounts'

export interface Balance {
  /** Credits less debits that are final. */
  readonly postedMinor: MinorUnits
  /** Open promises out of the account. */
  readonly pendingMinor: MinorUnits
  /** Posted less pending. */
  readonly availableMinor: MinorUnits
}

const nothing: Balance = {
  postedMinor: minorUnits(0),
  pendingMinor: minorUnits(0),
  availableMinor: minorUnits(0),
}

/** An account that was never used holds nothing. */
export async function balanceOf(
  tx: TenantTransaction,
  tenant: OperatorId,
  account: LedgerAccount,
  currency: CurrencyCode,
): Promise<Balance> {
  const balances = await balancesOf(tx, tenant, [account], currency)
  return balances.get(account) ?? nothing
}

export async function balancesOf(
  tx: TenantTransaction,
  tenant: OperatorId,
  accounts: readonly LedgerAccount[],
  currency: CurrencyCode,
): Promise<ReadonlyMap<LedgerAccount, Balance>> {
  return readBalances(tx, tenant, accounts, currency, false)
}

/** Like `balancesOf`, and keeps the accounts as they are until the transaction ends. Sorted, as the postings lock. */
export async function lockedBalancesOf(
  tx: TenantTransaction,
  tenant: OperatorId,
  accounts: readonly LedgerAccount[],
  currency: CurrencyCode,
): Promise<ReadonlyMap<LedgerAccount, Balance>> {
  return readBalances(tx, tenant, accounts, currency, true)
}

async function readBalances(
  tx: TenantTransaction,
  tenant: OperatorId,
  accounts: readonly LedgerAccount[],
  currency: CurrencyCode,
  isLocking: boolean,
): Promise<ReadonlyMap<LedgerAccount, Balance>> {
  const rows = await sql<{ account: LedgerAccount; posted: number; pending: number }>`
    select account, posted_credits - posted_debits as posted, pending_debits as pending
    from ledger_accounts
    where tenant = ${tenant} and currency = ${currency} and account = any(${[...new Set(accounts)]}::text[])
    order by account collate "C"
    ${isLocking ? sql`for update` : sql``}`.execute(tx)
  const found = new Map(rows.rows.map((row) => [row.account, toBalance(row.posted, row.pending)]))
  return new Map(accounts.map((account) => [account, found.get(account) ?? nothing]))
}

const toBalance = (posted: number, pending: number): Balance => ({
  postedMinor: minorUnits(posted),
  pendingMinor: minorUnits(pending),
  availableMinor: minorUnits(posted - pending),
})

export interface StatementLine {
  readonly reference: string
  readonly kind: string
  readonly effect: string
  /** Positive into the account, negative out of it. A pending line moves nothing yet. */
  readonly amountMinor: MinorUnits
  readonly otherAccount: LedgerAccount
  readonly reason: string
  readonly author: string
  readonly atS: number
}

const statementLinesMax = 500

/** The latest transfers of an account, newest first. */
export async function statementOf(
  tx: TenantTransaction,
  tenant: OperatorId,
  account: LedgerAccount,
  currency: CurrencyCode,
  lineCount = 100,
): Promise<readonly StatementLine[]> {
  const rows = await tx
    .selectFrom('ledger_transfers')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('currency', '=', currency)
    .where((where) => where.or([where('debit', '=', account), where('credit', '=', account)]))
    .orderBy('created_at', 'desc')
    .orderBy('reference')
    .orderBy('kind')
    .limit(Math.min(lineCount, statementLinesMax))
    .execute()
  return rows.map((row) => {
    const isOut = row.debit === account
    return {
      reference: row.reference,
      kind: row.kind,
      effect: row.effect,
      amountMinor: minorUnits(isOut ? -row.amount_minor : row.amount_minor),
      otherAccount: (isOut ? row.credit : row.debit) as LedgerAccount,
      reason: row.reason,
      author: row.author,
      atS: Math.floor(row.created_at.getTime() / 1000),
    }
  })
}

export interface LedgerProof {
  readonly transfers: number
  readonly accounts: number
  /** Per currency; every figure but the counts must be zero in sound books. */
  readonly currencies: readonly {
    readonly currency: string
    /** Sum of all balances. */
    readonly imbalanceMinor: number
    /** Sum of all promises, which have two sides as well. */
    readonly pendingImbalanceMinor: number
    /** Accounts whose sums differ from the sum of their transfers. */
    readonly differingAccounts: number
  }[]
  /** All imbalances without their signs: 0 means that the books are proved. */
  readonly imbalanceMinor: number
  readonly isProved: boolean
}

/**
 * Adds up every transfer anew, on its own, and compares it with what the accounts say. A transfer of an account that is
 * not there counts as a difference.
 */
export async function proveLedger(tx: TenantTransaction, tenant: OperatorId): Promise<LedgerProof> {
  const rows = await sql<LedgerProof['currencies'][number] & { accounts: number }>`
    with legs as (
      select debit as account, currency, amount_minor, effect, reference, kind, 'debit' as side
      from ledger_transfers where tenant = ${tenant}
      union all
      select credit, currency, amount_minor, effect, reference, kind, 'credit'
      from ledger_transfers where tenant = ${tenant}
    ), resolved as (
      select resolves_reference, resolves_kind from ledger_transfers
      where tenant = ${tenant} and resolves_reference is not null
    ), recounted as (
      select account, currency,
        coalesce(sum(amount_minor) filter (where side = 'debit' and effect in ('post','post-pending')), 0) as posted_debits,
        coalesce(sum(amount_minor) filter (where side = 'credit' and effect in ('post','post-pending')), 0) as posted_credits,
        coalesce(sum(amount_minor) filter (where side = 'debit' and effect = 'pend' and not exists (
          select from resolved r where r.resolves_reference = reference and r.resolves_kind = kind)), 0) as pending_debits,
        coalesce(sum(amount_minor) filter (where side = 'credit' and effect = 'pend' and not exists (
          select from resolved r where r.resolves_reference = reference and r.resolves_kind = kind)), 0) as pending_credits
      from legs group by account, currency
    )
    select coalesce(a.currency, r.currency) as currency, count(a.account) as accounts,
      coalesce(sum(a.posted_credits - a.posted_debits), 0)::bigint as "imbalanceMinor",
      coalesce(sum(a.pending_credits - a.pending_debits), 0)::bigint as "pendingImbalanceMinor",
      count(*) filter (where a.account is null or
        (a.posted_debits, a.posted_credits, a.pending_debits, a.pending_credits) is distinct from
        (coalesce(r.posted_debits, 0), coalesce(r.posted_credits, 0), coalesce(r.pending_debits, 0), coalesce(r.pending_credits, 0))
      ) as "differingAccounts"
    from (select * from ledger_accounts where tenant = ${tenant}) a
    full join recounted r on r.account = a.account and r.currency = a.currency
    group by 1 order by 1`.execute(tx)
  const { count } = await tx
    .selectFrom('ledger_transfers')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('tenant', '=', tenant)
    .executeTakeFirstOrThrow()
  const currencies = rows.rows.map(({ accounts: _accounts, ...figures }) => figures)
  const imbalanceMinor = currencies.reduce(
    (sum, figures) => sum + Math.abs(figures.imbalanceMinor) + Math.abs(figures.pendingImbalanceMinor),
    0,
  )
  return {
    transfers: count,
    accounts: rows.rows.reduce((sum, { accounts }) => sum + accounts, 0),
    currencies,
    imbalanceMinor,
    isProved: imbalanceMinor === 0 && currencies.every(({ differingAccounts }) => differingAccounts === 0),
  }
}

/** What all accounts of a class hold together. */
export async function classTotal(
  tx: TenantTransaction,
  tenant: OperatorId,
  accountClass: AccountClass,
  currency: CurrencyCode,
): Promise<Balance> {
  const { rows } = await sql<{ posted: number; pending: number }>`
    select coalesce(sum(posted_credits - posted_debits), 0)::bigint as posted,
      coalesce(sum(pending_debits), 0)::bigint as pending
    from ledger_accounts
    where tenant = ${tenant} and currency = ${currency} and class = ${accountClass}`.execute(tx)
  return toBalance(rows[0]?.posted ?? 0, rows[0]?.pending ?? 0)
}

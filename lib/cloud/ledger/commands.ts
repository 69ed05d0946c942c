/**
 * Writes transfers. One batch is one statement a step however many transfers it has, so a thousand cost little more
 * than one: accounts are created and locked in sorted order, transfers inserted where their key is new, and the
 * accounts' sums raised by exactly what was inserted.
 *
 * Nothing is asked of the balance of revenue, tax and card clearing, and every session touches them. So they are not
 * locked to be read: what the batch adds is added to them at the very end, one after the other in sorted order.
 */

import { sql } from 'kysely'
import type { OperatorId } from '@/lib/core/ids'
import { err, ok, type Result } from '@/lib/core/result'
import { arrayOf } from '../database/array-literal'
import { rowSource, type RowColumn } from '../database/row-source'
import { isKeyTaken, type TenantTransaction } from '../database/connection'
import { balanceRules, classOf, type LedgerAccount } from './accounts'
import {
  applyToSums,
  freshTransfers,
  resolvesOf,
  sumsKey,
  withoutRepeats,
  type ExistingTransfer,
  type Pending,
  type Sums,
} from './posting'
import { keyText, type LedgerFault, type Transfer, type TransferKey, type TransferOutcome } from './transfer'

/**
 * Posts a batch inside the caller's transaction. Transfers apply as a whole: balances are judged after all of them,
 * so that a cover and the settlement that it pays for can stand in one batch. Outcomes are in the batch's order.
 *
 * Nearly every batch is new as a whole, so it is written as if it were. Only where that fails are the books asked what
 * of it they know already.
 */
export async function postTransfers(
  tx: TenantTransaction,
  tenant: OperatorId,
  batch: readonly Transfer[],
): Promise<Result<readonly TransferOutcome[], LedgerFault>> {
  if (batch.length === 0) return ok([])
  const unique = withoutRepeats(batch)
  if (!unique.ok) return unique
  let existing: ReadonlyMap<string, ExistingTransfer> = new Map()
  for (;;) {
    const fresh = freshTransfers(unique.value, existing)
    if (!fresh.ok) return fresh
    const attempt = await write(tx, tenant, unique.value, fresh.value)
    if (attempt === 'written') return ok(outcomesOf(batch, fresh.value))
    const found = await findExisting(tx, tenant, unique.value)
    if (found.size === existing.size) {
      if (attempt === 'taken') throw new TakenMeanwhile()
      return err(attempt)
    }
    existing = found
  }
}

function outcomesOf(batch: readonly Transfer[], fresh: readonly Transfer[]): readonly TransferOutcome[] {
  if (fresh.length === batch.length) return batch.map(() => 'posted')
  const written = new Set(fresh.map(keyText))
  return batch.map((transfer) => {
    const isFirst = written.delete(keyText(transfer))
    return isFirst ? 'posted' : 'duplicate'
  })
}

/**
 * Gives `taken` when a key of it is in the books, and a fault when the accounts do not allow it; then nothing is
 * written. Accounts are locked for the whole batch, whatever is new of it: whoever posts the same meanwhile waits.
 */
async function write(
  tx: TenantTransaction,
  tenant: OperatorId,
  batch: readonly Transfer[],
  fresh: readonly Transfer[],
): Promise<'written' | 'taken' | LedgerFault> {
  const accounts = await lockAccounts(tx, tenant, batch)
  if (fresh.length === 0) return 'written'
  const pendings = await findPendings(tx, tenant, fresh)
  const fault = applyToSums(fresh, pendings, accounts)
  if (fault !== undefined) return fault
  await sql`savepoint posting`.execute(tx)
  try {
    await insertTransfers(tx, tenant, fresh)
  } catch (error) {
    if (!isKeyTaken(error)) throw error
    await sql`rollback to savepoint posting`.execute(tx)
    return 'taken'
  }
  await sql`release savepoint posting`.execute(tx)
  await writeSums(tx, tenant, accounts)
  return 'written'
}

/** Looks to the connection like one of two transactions that met: the whole work is done again. */
class TakenMeanwhile extends Error {
  /** PostgreSQL's serialization failure. */
  readonly code = '40001'

  constructor() {
    super('A transfer was posted by another transaction meanwhile')
  }
}

const isBounded = ({ account }: Pick<Sums, 'account'>): boolean => balanceRules[classOf(account)] !== 'any'

/**
 * Creates missing accounts and locks all whose balance has a bound, in one order for everybody, so that no two batches
 * wait for each other. The sums of the others are what the batch adds to them.
 */
async function lockAccounts(
  tx: TenantTransaction,
  tenant: OperatorId,
  batch: readonly Transfer[],
): Promise<Map<string, Sums>> {
  const touched = new Map<string, Sums>()
  for (const { debit, credit, currency } of batch) {
    for (const account of [debit, credit]) {
      const key = sumsKey(account, currency)
      if (!touched.has(key)) touched.set(key, noSums(account, currency))
    }
  }
  const sorted = [...touched.keys()].sort().map((key) => touched.get(key) ?? failMissing(key))
  const bounded = sorted.filter(isBounded)
  await createAccounts(tx, tenant, bounded)
  return new Map([...touched, ...(await lockSums(tx, tenant, bounded))])
}

const noSums = (account: LedgerAccount, currency: string): Sums => ({
  ...{ account, currency, isChanged: false },
  ...{ postedDebits: 0, postedCredits: 0, pendingDebits: 0, pendingCredits: 0 },
})

async function createAccounts(
  tx: TenantTransaction,
  tenant: OperatorId,
  accounts: readonly Sums[],
): Promise<void> {
  if (accounts.length === 0) return
  const names = accounts.map(({ account }) => account)
  await sql`
    insert into ledger_accounts (tenant, account, currency, class)
    select ${tenant}::text, * from unnest(
      ${arrayOf(names)}::text[], ${arrayOf(accounts.map(({ currency }) => currency))}::text[],
      ${arrayOf(names.map(classOf))}::text[])
    on conflict do nothing`.execute(tx)
}

async function lockSums(
  tx: TenantTransaction,
  tenant: OperatorId,
  accounts: readonly Sums[],
): Promise<ReadonlyMap<string, Sums>> {
  if (accounts.length === 0) return new Map()
  const { rows } = await sql<Omit<Sums, 'isChanged'>>`
    select account, currency, posted_debits as "postedDebits", posted_credits as "postedCredits",
      pending_debits as "pendingDebits", pending_credits as "pendingCredits"
    from ledger_accounts
    where tenant = ${tenant} and (account, currency) in (select * from unnest(
      ${arrayOf(accounts.map(({ account }) => account))}::text[],
      ${arrayOf(accounts.map(({ currency }) => currency))}::text[]))
    order by account collate "C", currency collate "C"
    for update`.execute(tx)
  return new Map(rows.map((row) => [sumsKey(row.account, row.currency), { ...row, isChanged: false }]))
}

async function findExisting(
  tx: TenantTransaction,
  tenant: OperatorId,
  batch: readonly Transfer[],
): Promise<ReadonlyMap<string, ExistingTransfer>> {
  const rows = await sql<ExistingTransfer & { reference: string; kind: TransferKey['kind'] }>`
    select reference, kind, debit, credit, currency, effect, amount_minor as "amountMinor",
      coalesce(resolves_reference || ' ' || resolves_kind, '') as resolves
    from ledger_transfers
    where tenant = ${tenant} and (reference, kind) in (
      select * from unnest(${arrayOf(batch.map(({ reference }) => reference))}::text[],
        ${arrayOf(batch.map(({ kind }) => kind))}::text[])
    )`.execute(tx)
  return new Map(rows.rows.map((row) => [keyText(row), row]))
}

/** The promises in the books that this batch resolves; its own are added as they are met, in order. */
async function findPendings(
  tx: TenantTransaction,
  tenant: OperatorId,
  fresh: readonly Transfer[],
): Promise<Map<string, Pending>> {
  const wanted = fresh.map(resolvesOf).filter((key) => key !== undefined)
  const pendings = new Map<string, Pending>()
  if (wanted.length > 0) {
    const rows = await sql<Pending & { reference: string; kind: TransferKey['kind'] }>`
      select t.reference, t.kind, t.debit, t.credit, t.currency, t.effect, t.amount_minor as "amountMinor",
        exists (
          select from ledger_transfers r
          where r.tenant = ${tenant} and r.resolves_reference = t.reference and r.resolves_kind = t.kind
        ) as "isResolved"
      from ledger_transfers t
      where t.tenant = ${tenant} and (t.reference, t.kind) in (
        select * from unnest(${arrayOf(wanted.map(({ reference }) => reference))}::text[],
        ${arrayOf(wanted.map(({ kind }) => kind))}::text[])
      )`.execute(tx)
    for (const row of rows.rows) pendings.set(keyText(row), row)
  }
  return pendings
}

/** Fails where a key is taken: asking for each row first would cost another look into the index, and a line of WAL. */
async function insertTransfers(
  tx: TenantTransaction,
  tenant: OperatorId,
  fresh: readonly Transfer[],
): Promise<void> {
  const { from, values } = rowSource(fresh, transferColumns)
  await sql`
    insert into ledger_transfers (tenant, ${sql.raw(transferColumns.map(([name]) => name).join(', '))})
    select ${tenant}::text, ${sql.join(values)} from ${from}`.execute(tx)
}

const transferColumns: readonly RowColumn<Transfer>[] = [
  ['reference', 'text', ({ reference }) => reference],
  ['kind', 'text', ({ kind }) => kind],
  ['debit', 'text', ({ debit }) => debit],
  ['credit', 'text', ({ credit }) => credit],
  ['currency', 'text', ({ currency }) => currency],
  ['amount_minor', 'bigint', ({ amountMinor }) => amountMinor],
  ['effect', 'text', ({ effect }) => effect],
  ['resolves_reference', 'text', (transfer) => resolvesOf(transfer)?.reference ?? null],
  ['resolves_kind', 'text', (transfer) => resolvesOf(transfer)?.kind ?? null],
  ['reason', 'text', ({ reason }) => reason],
  ['author', 'text', ({ author }) => author],
]

async function writeSums(
  tx: TenantTransaction,
  tenant: OperatorId,
  accounts: Map<string, Sums>,
): Promise<void> {
  const changed = [...accounts.values()].filter(({ isChanged }) => isChanged)
  await setSums(tx, tenant, changed.filter(isBounded))
  for (const sums of changed.filter((one) => !isBounded(one)).sort(byKey)) {
    if (await addToSums(tx, tenant, sums)) continue
    await createAccounts(tx, tenant, [sums])
    await addToSums(tx, tenant, sums)
  }
}

const byKey = (left: Sums, right: Sums): number =>
  sumsKey(left.account, left.currency) < sumsKey(right.account, right.currency) ? -1 : 1

async function setSums(tx: TenantTransaction, tenant: OperatorId, changed: readonly Sums[]): Promise<void> {
  if (changed.length === 0) return
  const { from, values } = rowSource(changed, sumsColumns)
  const [account, currency, ...sums] = values
  const assignments = sums.map(
    (value, index) => sql`${sql.raw(sumsColumns[index + 2]?.[0] ?? '')} = ${value}`,
  )
  await sql`
    update ledger_accounts a set ${sql.join(assignments)} from ${from}
    where a.tenant = ${tenant} and a.account = ${account} and a.currency = ${currency}`.execute(tx)
}

const sumsColumns: readonly RowColumn<Sums>[] = [
  ['account', 'text', ({ account }) => account],
  ['currency', 'text', ({ currency }) => currency],
  ['posted_debits', 'bigint', ({ postedDebits }) => postedDebits],
  ['posted_credits', 'bigint', ({ postedCredits }) => postedCredits],
  ['pending_debits', 'bigint', ({ pendingDebits }) => pendingDebits],
  ['pending_credits', 'bigint', ({ pendingCredits }) => pendingCredits],
]

/** Waits for nobody but who adds to the same account just now. False where the account does not exist yet. */
async function addToSums(tx: TenantTransaction, tenant: OperatorId, sums: Sums): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update ledger_accounts
    set posted_debits = posted_debits + ${sums.postedDebits}::bigint,
      posted_credits = posted_credits + ${sums.postedCredits}::bigint,
      pending_debits = pending_debits + ${sums.pendingDebits}::bigint,
      pending_credits = pending_credits + ${sums.pendingCredits}::bigint
    where tenant = ${tenant} and account = ${sums.account} and currency = ${sums.currency}`.execute(tx)
  return numAffectedRows === 1n
}

function failMissing(name: string): never {
  throw new Error(`Account ${name} was not locked`)
}

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
import type { TenantTransaction } from '../database/connection'
import { balanceRules, classOf, type LedgerAccount } from './accounts'
import {
  applyToSums,
  freshTransfers,
  keyOf,
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
 */
export async function postTransfers(
  tx: TenantTransaction,
  tenant: OperatorId,
  batch: readonly Transfer[],
): Promise<Result<readonly TransferOutcome[], LedgerFault>> {
  if (batch.length === 0) return ok([])
  const unique = withoutRepeats(batch)
  if (!unique.ok) return unique
  const accounts = await lockAccounts(tx, tenant, unique.value)
  const existing = await findExisting(tx, tenant, unique.value)
  const selected = freshTransfers(unique.value, existing)
  if (!selected.ok) return selected
  const fresh = selected.value
  const pendings = await findPendings(tx, tenant, fresh)
  const fault = applyToSums(fresh, pendings, accounts)
  if (fault !== undefined) return err(fault)
  const collision = await insertTransfers(tx, tenant, fresh)
  if (collision !== undefined) return err({ kind: 'differs', key: collision })
  await writeSums(tx, tenant, accounts)
  const written = new Set(fresh.map(keyText))
  return ok(
    batch.map((transfer) => {
      const isFirst = written.delete(keyText(transfer))
      return isFirst ? 'posted' : 'duplicate'
    }),
  )
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

/**
 * Returns a key that was taken meanwhile, which only a transfer between other accounts can do: the same transfer
 * would have waited for the same locks.
 */
async function insertTransfers(
  tx: TenantTransaction,
  tenant: OperatorId,
  fresh: readonly Transfer[],
): Promise<TransferKey | undefined> {
  if (fresh.length === 0) return undefined
  const column = (pick: (transfer: Transfer) => string | number | null): string => arrayOf(fresh.map(pick))
  const inserted = await sql<TransferKey>`
    insert into ledger_transfers (tenant, reference, kind, debit, credit, currency, amount_minor, effect,
      resolves_reference, resolves_kind, reason, author)
    select ${tenant}::text, * from unnest(
      ${column((t) => t.reference)}::text[], ${column((t) => t.kind)}::text[], ${column((t) => t.debit)}::text[],
      ${column((t) => t.credit)}::text[], ${column((t) => t.currency)}::text[],
      ${column((t) => t.amountMinor)}::bigint[], ${column((t) => t.effect)}::text[],
      ${column((t) => resolvesOf(t)?.reference ?? null)}::text[], ${column((t) => resolvesOf(t)?.kind ?? null)}::text[],
      ${column((t) => t.reason)}::text[], ${column((t) => t.author)}::text[])
    on conflict do nothing
    returning reference, kind`.execute(tx)
  const written = new Set(inserted.rows.map(keyText))
  const missing = fresh.find((transfer) => !written.has(keyText(transfer)))
  return missing === undefined ? undefined : keyOf(missing)
}

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
  const column = (pick: (sums: Sums) => string | number): string => arrayOf(changed.map(pick))
  await sql`
    update ledger_accounts a
    set posted_debits = n.posted_debits, posted_credits = n.posted_credits,
      pending_debits = n.pending_debits, pending_credits = n.pending_credits
    from unnest(
      ${column(({ account }) => account)}::text[], ${column(({ currency }) => currency)}::text[],
      ${column((sums) => sums.postedDebits)}::bigint[], ${column((sums) => sums.postedCredits)}::bigint[],
      ${column((sums) => sums.pendingDebits)}::bigint[], ${column((sums) => sums.pendingCredits)}::bigint[]
    ) as n (account, currency, posted_debits, posted_credits, pending_debits, pending_credits)
    where a.tenant = ${tenant} and a.account = n.account and a.currency = n.currency`.execute(tx)
}

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

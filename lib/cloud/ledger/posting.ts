/**
 * The rules of posting, pure: which transfers of a batch are new, what they do to the sums of their accounts, and why
 * a batch is refused as a whole. Every store of the books applies these and nothing else.
 */

import { err, ok, type Result } from '@/lib/core/result'
import { balanceRules, classOf, type LedgerAccount } from './accounts'
import { keyText, type LedgerFault, type Transfer, type TransferKey } from './transfer'

/** Transfers in one call; ingest cuts larger work into several transactions. */
const batchTransfersMax = 8_000

/** What an account has seen so far. The balance is credits less debits. */
export interface Sums {
  readonly account: LedgerAccount
  readonly currency: string
  postedDebits: number
  postedCredits: number
  pendingDebits: number
  pendingCredits: number
  isChanged: boolean
}

/** A promise that a transfer may resolve. */
export interface Pending {
  readonly debit: string
  readonly credit: string
  readonly currency: string
  readonly amountMinor: number
  readonly effect: string
  isResolved: boolean
}

export type ExistingTransfer = Pick<Transfer, 'debit' | 'credit' | 'currency' | 'effect'> & {
  readonly amountMinor: number
  readonly resolves: string
}

export const keyOf = ({ reference, kind }: TransferKey): TransferKey => ({ reference, kind })
export const sumsKey = (account: string, currency: string): string => `${account} ${currency}`
export const resolvesOf = (transfer: Transfer): TransferKey | undefined =>
  'resolves' in transfer ? transfer.resolves : undefined
export const resolvesText = (transfer: Transfer): string => {
  const resolves = resolvesOf(transfer)
  return resolves === undefined ? '' : keyText(resolves)
}

/** The batch without transfers that say the same twice; two that say different things under one key are refused. */
export function withoutRepeats(batch: readonly Transfer[]): Result<readonly Transfer[], LedgerFault> {
  if (batch.length > batchTransfersMax)
    throw new RangeError(`A batch of ${batch.length} transfers is too large`)
  const seen = new Map<string, Transfer>()
  for (const transfer of batch) {
    if (transfer.amountMinor <= 0) throw new RangeError(`A transfer of ${transfer.amountMinor} moves nothing`)
    const before = seen.get(keyText(transfer))
    if (before === undefined) seen.set(keyText(transfer), transfer)
    else if (!sameContent({ ...before, resolves: resolvesText(before) }, transfer)) {
      return err({ kind: 'differs', key: keyOf(transfer) })
    }
  }
  return ok([...seen.values()])
}

/** What of the batch is not in the books yet; a known key with other content refuses the batch. */
export function freshTransfers(
  batch: readonly Transfer[],
  existing: ReadonlyMap<string, ExistingTransfer>,
): Result<readonly Transfer[], LedgerFault> {
  if (existing.size === 0) return ok(batch)
  const fresh: Transfer[] = []
  for (const transfer of batch) {
    const known = existing.get(keyText(transfer))
    if (known === undefined) fresh.push(transfer)
    else if (!sameContent(known, transfer)) return err({ kind: 'differs', key: keyOf(transfer) })
  }
  return ok(fresh)
}

/** Raises the sums in memory; says what is wrong, if anything, before anything is written. */
export function applyToSums(
  fresh: readonly Transfer[],
  pendings: Map<string, Pending>,
  accounts: Map<string, Sums>,
): LedgerFault | undefined {
  for (const transfer of fresh) {
    const debit = accounts.get(sumsKey(transfer.debit, transfer.currency)) ?? failMissing(transfer.debit)
    const credit = accounts.get(sumsKey(transfer.credit, transfer.currency)) ?? failMissing(transfer.credit)
    debit.isChanged = true
    credit.isChanged = true
    const resolves = resolvesOf(transfer)
    if (resolves !== undefined) {
      const pending = pendings.get(keyText(resolves))
      const fault = resolutionFault(transfer, resolves, pending)
      if (fault !== undefined || pending === undefined) return fault
      pending.isResolved = true
      debit.pendingDebits -= pending.amountMinor
      credit.pendingCredits -= pending.amountMinor
    }
    if (transfer.effect === 'pend') {
      pendings.set(keyText(transfer), { ...transfer, isResolved: false })
      debit.pendingDebits += transfer.amountMinor
      credit.pendingCredits += transfer.amountMinor
    } else if (transfer.effect !== 'void-pending') {
      debit.postedDebits += transfer.amountMinor
      credit.postedCredits += transfer.amountMinor
    }
  }
  return firstOverdrawn(accounts)
}

const sameContent = (known: ExistingTransfer, transfer: Transfer): boolean =>
  known.debit === transfer.debit &&
  known.credit === transfer.credit &&
  known.currency === transfer.currency &&
  known.amountMinor === transfer.amountMinor &&
  known.effect === transfer.effect &&
  known.resolves === resolvesText(transfer)

function resolutionFault(
  transfer: Transfer,
  resolves: TransferKey,
  pending: Pending | undefined,
): LedgerFault | undefined {
  const matches =
    pending?.effect === 'pend' &&
    pending.debit === transfer.debit &&
    pending.credit === transfer.credit &&
    pending.currency === transfer.currency
  if (pending === undefined || !matches) return { kind: 'no-pending', key: resolves }
  if (pending.isResolved) return { kind: 'already-resolved', key: resolves }
  const isWhole = transfer.amountMinor === pending.amountMinor
  if (transfer.amountMinor > pending.amountMinor || (transfer.effect === 'void-pending' && !isWhole)) {
    return { kind: 'exceeds-pending', key: resolves, pendingMinor: pending.amountMinor }
  }
  return undefined
}

function firstOverdrawn(accounts: ReadonlyMap<string, Sums>): LedgerFault | undefined {
  for (const sums of accounts.values()) {
    if (!sums.isChanged) continue
    const balance = sums.postedCredits - sums.postedDebits
    const available = balance - sums.pendingDebits
    const rule = balanceRules[classOf(sums.account)]
    const isLegal =
      rule === 'any' ||
      (rule === 'available-not-negative' && available >= 0) ||
      (rule === 'balance-not-negative' && balance >= 0) ||
      (rule === 'balance-at-most-zero' && balance <= 0)
    if (!isLegal) return { kind: 'insufficient', account: sums.account, availableMinor: available }
  }
  return undefined
}

function failMissing(name: string): never {
  throw new Error(`Account ${name} was not locked`)
}

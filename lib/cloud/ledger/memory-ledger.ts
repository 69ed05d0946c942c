/** The books in memory: the same rules of posting as on PostgreSQL, for simulated worlds and tests. */

import type { CurrencyCode } from '@/lib/core/ids'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import type { LedgerAccount } from './accounts'
import {
  applyToSums,
  freshTransfers,
  resolvesOf,
  resolvesText,
  sumsKey,
  withoutRepeats,
  type ExistingTransfer,
  type Pending,
  type Sums,
} from './posting'
import type { Balance, LedgerProof } from './queries'
import { keyText, type LedgerFault, type Transfer, type TransferOutcome } from './transfer'
import { UndoableMap, type Changes } from './undoable'

export class MemoryLedger {
  private readonly sums: UndoableMap<string, Sums>
  private readonly transfers: UndoableMap<string, Transfer>
  /** Keys of promises that were resolved. */
  private readonly resolved: UndoableMap<string, true>

  constructor(changes: Changes) {
    this.sums = new UndoableMap(changes)
    this.transfers = new UndoableMap(changes)
    this.resolved = new UndoableMap(changes)
  }

  post(batch: readonly Transfer[]): Result<readonly TransferOutcome[], LedgerFault> {
    if (batch.length === 0) return ok([])
    const unique = withoutRepeats(batch)
    if (!unique.ok) return unique
    const selected = freshTransfers(unique.value, this.existing(unique.value))
    if (!selected.ok) return selected
    const fresh = selected.value
    const accounts = this.sumsOf(fresh)
    const fault = applyToSums(fresh, this.pendings(fresh), accounts)
    if (fault !== undefined) return err(fault)
    for (const transfer of fresh) {
      this.transfers.set(keyText(transfer), transfer)
      const resolves = resolvesOf(transfer)
      if (resolves !== undefined) this.resolved.set(keyText(resolves), true)
    }
    for (const [key, sums] of accounts) if (sums.isChanged) this.sums.set(key, { ...sums, isChanged: false })
    const written = new Set(fresh.map(keyText))
    return ok(batch.map((transfer) => (written.delete(keyText(transfer)) ? 'posted' : 'duplicate')))
  }

  balance(account: LedgerAccount, currency: CurrencyCode): Balance {
    const sums = this.sums.get(sumsKey(account, currency))
    const posted = sums === undefined ? 0 : sums.postedCredits - sums.postedDebits
    const pending = sums?.pendingDebits ?? 0
    return {
      postedMinor: minorUnits(posted),
      pendingMinor: minorUnits(pending),
      availableMinor: minorUnits(posted - pending),
    }
  }

  /** In the order in which they were posted. */
  all(): readonly Transfer[] {
    return [...this.transfers.values()]
  }

  /** Adds up every transfer anew and compares the result with the accounts' sums. */
  prove(): LedgerProof {
    const recounted = this.recount()
    const byCurrency = new Map<string, { imbalance: number; pending: number; differing: number }>()
    for (const [key, sums] of [...recounted].sort(([left], [right]) => (left < right ? -1 : 1))) {
      const held = this.sums.get(key)
      const figures = byCurrency.get(sums.currency) ?? { imbalance: 0, pending: 0, differing: 0 }
      figures.imbalance += (held?.postedCredits ?? 0) - (held?.postedDebits ?? 0)
      figures.pending += (held?.pendingCredits ?? 0) - (held?.pendingDebits ?? 0)
      if (held === undefined || !sameSums(held, sums)) figures.differing += 1
      byCurrency.set(sums.currency, figures)
    }
    const currencies = [...byCurrency].map(([currency, { imbalance, pending, differing }]) => ({
      currency,
      imbalanceMinor: imbalance,
      pendingImbalanceMinor: pending,
      differingAccounts: differing + (recounted.size === this.sums.size ? 0 : 1),
    }))
    const imbalanceMinor = currencies.reduce(
      (sum, figures) => sum + Math.abs(figures.imbalanceMinor) + Math.abs(figures.pendingImbalanceMinor),
      0,
    )
    return {
      transfers: this.transfers.size,
      accounts: this.sums.size,
      currencies,
      imbalanceMinor,
      isProved: imbalanceMinor === 0 && currencies.every(({ differingAccounts }) => differingAccounts === 0),
    }
  }

  private recount(): ReadonlyMap<string, Sums> {
    const sums = new Map<string, Sums>()
    const of = (account: LedgerAccount, currency: string): Sums => {
      const key = sumsKey(account, currency)
      const known = sums.get(key) ?? emptySums(account, currency)
      sums.set(key, known)
      return known
    }
    for (const transfer of this.transfers.values()) {
      const debit = of(transfer.debit, transfer.currency)
      const credit = of(transfer.credit, transfer.currency)
      if (transfer.effect === 'post' || transfer.effect === 'post-pending') {
        debit.postedDebits += transfer.amountMinor
        credit.postedCredits += transfer.amountMinor
      } else if (transfer.effect === 'pend' && !this.resolved.has(keyText(transfer))) {
        debit.pendingDebits += transfer.amountMinor
        credit.pendingCredits += transfer.amountMinor
      }
    }
    return sums
  }

  private existing(batch: readonly Transfer[]): ReadonlyMap<string, ExistingTransfer> {
    const existing = new Map<string, ExistingTransfer>()
    for (const transfer of batch) {
      const known = this.transfers.get(keyText(transfer))
      if (known !== undefined) existing.set(keyText(known), { ...known, resolves: resolvesText(known) })
    }
    return existing
  }

  private pendings(fresh: readonly Transfer[]): Map<string, Pending> {
    const pendings = new Map<string, Pending>()
    for (const key of fresh.map(resolvesOf)) {
      const known = key === undefined ? undefined : this.transfers.get(keyText(key))
      if (known !== undefined)
        pendings.set(keyText(known), { ...known, isResolved: this.resolved.has(keyText(known)) })
    }
    return pendings
  }

  private sumsOf(fresh: readonly Transfer[]): Map<string, Sums> {
    const accounts = new Map<string, Sums>()
    for (const { debit, credit, currency } of fresh) {
      for (const account of [debit, credit]) {
        const key = sumsKey(account, currency)
        if (!accounts.has(key)) accounts.set(key, { ...(this.sums.get(key) ?? emptySums(account, currency)) })
      }
    }
    return accounts
  }
}

const emptySums = (account: LedgerAccount, currency: string): Sums => ({
  account,
  currency,
  postedDebits: 0,
  postedCredits: 0,
  pendingDebits: 0,
  pendingCredits: 0,
  isChanged: false,
})

const sameSums = (left: Sums, right: Sums): boolean =>
  left.postedDebits === right.postedDebits &&
  left.postedCredits === right.postedCredits &&
  left.pendingDebits === right.pendingDebits &&
  left.pendingCredits === right.pendingCredits

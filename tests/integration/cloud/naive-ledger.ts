/** A second, naive ledger in memory: one transfer after the other, no SQL. The oracle for the real one. */

import { classOf, type LedgerAccount } from '@/lib/cloud/ledger/accounts'
import { keyText, type Transfer, type TransferKey } from '@/lib/cloud/ledger/transfer'

export class NaiveLedger {
  private transfers = new Map<string, Transfer>()

  /** The fault's kind, or the outcome of each transfer. A refused batch leaves no trace. */
  post(batch: readonly Transfer[]): string | string[] {
    const before = new Map(this.transfers)
    const outcomes: string[] = []
    for (const transfer of batch) {
      const outcome = this.postOne(transfer)
      if (outcome !== 'posted' && outcome !== 'duplicate') {
        this.transfers = before
        return outcome
      }
      outcomes.push(outcome)
    }
    if (this.accounts().some((account) => this.isOverdrawn(account))) {
      this.transfers = before
      return 'insufficient'
    }
    return outcomes
  }

  private postOne(transfer: Transfer): string {
    const known = this.transfers.get(keyText(transfer))
    if (known !== undefined) return describe(known) === describe(transfer) ? 'duplicate' : 'differs'
    if ('resolves' in transfer) {
      const pending = this.transfers.get(keyText(transfer.resolves))
      if (pending?.effect !== 'pend') return 'no-pending'
      if (pending.debit !== transfer.debit || pending.credit !== transfer.credit) return 'no-pending'
      if (this.isResolved(transfer.resolves)) return 'already-resolved'
      const isPartialVoid = transfer.effect === 'void-pending' && transfer.amountMinor !== pending.amountMinor
      if (transfer.amountMinor > pending.amountMinor || isPartialVoid) return 'exceeds-pending'
    }
    this.transfers.set(keyText(transfer), transfer)
    return 'posted'
  }

  accounts(): LedgerAccount[] {
    return [...new Set([...this.transfers.values()].flatMap(({ debit, credit }) => [debit, credit]))].sort()
  }

  posted(account: LedgerAccount): number {
    let sum = 0
    for (const { debit, credit, amountMinor, effect } of this.transfers.values()) {
      if (effect === 'pend' || effect === 'void-pending') continue
      if (credit === account) sum += amountMinor
      if (debit === account) sum -= amountMinor
    }
    return sum
  }

  pending(account: LedgerAccount): number {
    let sum = 0
    for (const transfer of this.transfers.values()) {
      if (transfer.effect === 'pend' && transfer.debit === account && !this.isResolved(transfer)) {
        sum += transfer.amountMinor
      }
    }
    return sum
  }

  private isResolved(key: TransferKey): boolean {
    return [...this.transfers.values()].some(
      (other) => 'resolves' in other && keyText(other.resolves) === keyText(key),
    )
  }

  private isOverdrawn(account: LedgerAccount): boolean {
    switch (classOf(account)) {
      case 'wallet':
      case 'fleet':
        return this.posted(account) - this.pending(account) < 0
      case 'reserve':
        return this.posted(account) < 0
      case 'receivable':
        return this.posted(account) > 0
      default:
        return false
    }
  }
}

const describe = (transfer: Transfer): string =>
  JSON.stringify([
    transfer.debit,
    transfer.credit,
    transfer.currency,
    transfer.amountMinor,
    transfer.effect,
    'resolves' in transfer ? keyText(transfer.resolves) : '',
  ])

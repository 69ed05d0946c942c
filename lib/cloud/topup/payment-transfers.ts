/**
 * What events about a payment mean in the books of whoever paid. Pure: takes what happened, which transfers stand
 * already and what the owner has, and gives the transfers that are missing. Money that the card takes back comes from
 * the owner's credit as far as it reaches; the rest is owed.
 */

import type { CurrencyCode } from '@/lib/core/ids'
import { minorUnits } from '@/lib/core/units'
import {
  cardClearingAccount,
  receivableAccount,
  type LedgerAccount,
  type OwnerAccount,
} from '../ledger/accounts'
import { keyText, type Transfer, type TransferKind } from '../ledger/transfer'
import type { DisputeFact, PaymentFacts, RefundFact } from './payment-event'

export interface PaymentParty {
  readonly paymentId: string
  readonly owner: OwnerAccount
  readonly currency: CurrencyCode
  /** Who asked for the payment. */
  readonly author: string
  readonly provider: string
}

export interface OwnerMoney {
  readonly availableMinor: number
  readonly owedMinor: number
}

/** References under which a payment's transfers stand. */
export const refundReference = (paymentId: string, { refundId, actId }: RefundFact): string =>
  actId !== null && actId.startsWith(`${paymentId}/`) ? actId : `${paymentId}/refund/${refundId}`
export const disputeReference = (paymentId: string, { disputeId }: DisputeFact): string =>
  `${paymentId}/dispute/${disputeId}`

/** Every reference that transfers of these facts may have. */
export const referencesOf = (paymentId: string, facts: PaymentFacts): readonly string[] => [
  paymentId,
  ...facts.refunds.map((refund) => refundReference(paymentId, refund)),
  ...facts.disputes.map((dispute) => disputeReference(paymentId, dispute)),
]

/** Transfers that take something back, one of which stands once a refund is in the books. */
const refundKinds: readonly TransferKind[] = [
  'card-refund',
  'card-refund-owed',
  'guest-refund',
  'guest-refund-balance',
]

/** New credit, which first pays what the owner owes. Nothing when it stands already. */
export function creditTransfers(
  party: PaymentParty,
  amountMinor: number,
  posted: ReadonlySet<string>,
  money: OwnerMoney,
): readonly Transfer[] {
  const book = new Book(party, posted, money)
  if (!book.has(party.paymentId, 'top-up')) book.give(party.paymentId, 'top-up', amountMinor, 'card')
  return book.transfers
}

/** Refunds that somebody made at the provider, and disputes. `money` is what the owner has before. */
export function reversalTransfers(
  party: PaymentParty,
  facts: PaymentFacts,
  posted: ReadonlySet<string>,
  money: OwnerMoney,
): readonly Transfer[] {
  const book = new Book(party, posted, money)
  for (const refund of facts.refunds) {
    const reference = refundReference(party.paymentId, refund)
    const isPosted = refundKinds.some((kind) => book.has(reference, kind))
    const isOfGuest = book.has(reference, 'guest-refund') || book.has(reference, 'guest-refund-balance')
    if (!isPosted && !refund.hasFailed) {
      book.take(reference, 'card-refund', 'card-refund-owed', refund.amountMinor, 'refunded')
    } else if (isPosted && refund.hasFailed && !isOfGuest && !book.has(reference, 'card-refund-returned')) {
      book.give(reference, 'card-refund-returned', refund.amountMinor, 'refund-failed')
    }
  }
  for (const dispute of facts.disputes) {
    const reference = disputeReference(party.paymentId, dispute)
    const isPosted = book.has(reference, 'chargeback') || book.has(reference, 'chargeback-owed')
    if (!isPosted && dispute.standing !== 'won') {
      book.take(reference, 'chargeback', 'chargeback-owed', dispute.amountMinor, 'disputed')
    } else if (isPosted && dispute.standing === 'won' && !book.has(reference, 'chargeback-won')) {
      book.give(reference, 'chargeback-won', dispute.amountMinor, 'dispute-won')
    }
  }
  return book.transfers
}

/** Running figures of one owner while transfers are written down. */
class Book {
  readonly transfers: Transfer[] = []
  private availableMinor: number
  private owedMinor: number

  constructor(
    private readonly party: PaymentParty,
    private readonly posted: ReadonlySet<string>,
    money: OwnerMoney,
  ) {
    this.availableMinor = money.availableMinor
    this.owedMinor = money.owedMinor
  }

  has(reference: string, kind: TransferKind): boolean {
    return this.posted.has(keyText({ reference, kind }))
  }

  give(reference: string, kind: TransferKind, amount: number, reason: string): void {
    const { owner } = this.party
    this.add(reference, kind, cardClearingAccount, owner, amount, reason)
    const recovered = Math.min(amount, this.owedMinor)
    this.add(reference, 'recover', owner, receivableAccount(owner), recovered, 'owed')
    this.availableMinor += amount - recovered
    this.owedMinor -= recovered
  }

  take(reference: string, kind: TransferKind, owedKind: TransferKind, amount: number, reason: string): void {
    const { owner } = this.party
    const fromCredit = Math.min(amount, Math.max(0, this.availableMinor))
    this.add(reference, kind, owner, cardClearingAccount, fromCredit, reason)
    this.add(reference, owedKind, receivableAccount(owner), cardClearingAccount, amount - fromCredit, reason)
    this.availableMinor -= fromCredit
    this.owedMinor += amount - fromCredit
  }

  private add(
    reference: string,
    kind: TransferKind,
    debit: LedgerAccount,
    credit: LedgerAccount,
    amount: number,
    reason: string,
  ): void {
    if (amount <= 0) return
    const { currency, author, provider } = this.party
    this.transfers.push({
      reference,
      kind,
      effect: 'post',
      debit,
      credit,
      currency,
      amountMinor: minorUnits(amount),
      reason,
      author: kind === 'top-up' || kind === 'recover' ? author : provider,
    })
  }
}

/**
 * From a judgement to transfers. Pure: takes what was posted for the session so far and what the accounts hold, and
 * gives the transfers that bring the books to where the judgement says they belong. A valid spend is never refused
 * for lack of credit: beyond its grant's reserve it draws on the owner's balance, then on a receivable.
 *
 * `Books` is the one mutable thing here: the running figures of one batch, read under lock, so that sessions of one
 * grant settle one after the other within a single posting.
 */

import { divide } from '@/lib/core/divide'
import type { CurrencyCode, GrantSerial, SessionId } from '@/lib/core/ids'
import { minorUnits, type MinorUnits } from '@/lib/core/units'
import {
  receivableAccount,
  reserveAccount,
  revenueAccount,
  taxAccount,
  type CardDebtor,
  type Debtor,
  type LedgerAccount,
  type OwnerAccount,
} from '../ledger/accounts'
import { openDoubtMinor, type DecidedClaim } from '../cases/decided-claim'
import type { Transfer, TransferKind } from '../ledger/transfer'
import type { Final } from './judge'

/** What has been posted for a session so far. */
export interface PostedSession {
  readonly sessionId: SessionId
  readonly serial: GrantSerial
  readonly owner: OwnerAccount
  readonly currency: CurrencyCode
  readonly holdMinor: MinorUnits
  readonly hold: 'none' | 'open' | 'resolved'
  /** Null until the first final. */
  readonly postedMinor: MinorUnits | null
  readonly postedTaxMinor: MinorUnits
  readonly disputedMinor: MinorUnits
  readonly disputeReference: string | null
  /** Absent while nobody has decided anything. */
  readonly decisions?: SessionDecisions
}

/** What people have decided about a session: later evidence changes the books around it, never the decision. */
export interface SessionDecisions {
  readonly decided: DecidedClaim | undefined
  /** Given back already; a correction owes that much less. */
  readonly refundedMinor: number
  readonly refundedTaxMinor: number
}

export const noDecisions: SessionDecisions = { decided: undefined, refundedMinor: 0, refundedTaxMinor: 0 }

export interface ReserveBooks {
  readonly owner: OwnerAccount
  /** Posted balance of the reserve. */
  balanceMinor: number
  /** What balance and receivable have paid into it for sessions beyond it. */
  coveredMinor: number
  /** Its credit has gone back to the owner: whatever comes into it now follows. */
  readonly isReleased: boolean
  /** The last seq that its holder's close allows; undefined while it is not closed. */
  readonly closedAfterSeq?: number | undefined
  /** Of a printed card: owes what the reserve lacks in its owner's stead, whose balance stays untouched. */
  cardDebtor?: CardDebtor
}

export interface OwnerBooks {
  availableMinor: number
  owedMinor: number
}

export interface Books {
  readonly reserves: Map<GrantSerial, ReserveBooks>
  readonly owners: Map<Debtor, OwnerBooks>
}

export interface Settlement {
  readonly session: PostedSession
  readonly transfers: readonly Transfer[]
  /** The grant's reserve could not pay: double spend, fork or a receipt after the release. */
  readonly beyondReserveMinor: number
}

/** `author` is the device whose evidence caused it. Changes `books`. */
export function settle(
  before: PostedSession,
  final: Final | undefined,
  books: Books,
  author: string,
): Settlement {
  const step = new Step(before, books, author)
  // What arrives whole needs no promise: its last word is posted at once.
  if (final === undefined) step.openHold()
  if (final !== undefined) {
    if (step.session.postedMinor === null) step.post(final)
    else step.correct(step.session.postedMinor, final)
    step.dispute(final)
  }
  return { session: step.session, transfers: step.transfers, beyondReserveMinor: step.beyondReserveMinor }
}

/** A refund that a correction has made good for is no refund any more. Its tax goes with it, in proportion. */
function lessRefunded(before: SessionDecisions, setOffMinor: number): SessionDecisions {
  if (setOffMinor === 0) return before
  const refundedMinor = before.refundedMinor - setOffMinor
  const tax = divide(
    BigInt(before.refundedTaxMinor) * BigInt(refundedMinor),
    BigInt(before.refundedMinor),
    'half-up',
  )
  return { ...before, refundedMinor, refundedTaxMinor: Number(tax) }
}

class Step {
  session: PostedSession
  readonly transfers: Transfer[] = []
  beyondReserveMinor = 0
  private readonly reserve: LedgerAccount
  private readonly reserveBooks: ReserveBooks
  private readonly debtor: Debtor
  private readonly debtorBooks: OwnerBooks

  constructor(
    before: PostedSession,
    books: Books,
    private readonly author: string,
  ) {
    this.session = before
    this.reserve = reserveAccount(before.serial)
    const reserveBooks = books.reserves.get(before.serial)
    this.debtor = reserveBooks?.cardDebtor ?? before.owner
    const debtorBooks = books.owners.get(this.debtor)
    if (reserveBooks === undefined || debtorBooks === undefined)
      throw new Error(`No books for ${before.sessionId}`)
    this.reserveBooks = reserveBooks
    this.debtorBooks = debtorBooks
  }

  openHold(): void {
    const { hold, holdMinor, sessionId } = this.session
    if (hold !== 'none') return
    // Nothing is left to hold of a reserve that has gone back to its owner; what is owed in the end is covered.
    if (this.reserveBooks.isReleased) {
      this.session = { ...this.session, hold: 'resolved' }
      return
    }
    if (holdMinor > 0)
      this.add(sessionId, 'hold', this.reserve, revenueAccount, holdMinor, 'authorization', 'pend')
    this.session = { ...this.session, hold: holdMinor > 0 ? 'open' : 'resolved' }
  }

  post({ owedMinor, taxMinor }: Final): void {
    const { sessionId, hold, holdMinor } = this.session
    const netMinor = owedMinor - taxMinor
    const resolves = { reference: sessionId, kind: 'hold' } as const
    if (hold === 'open' && netMinor > 0) {
      this.push({
        ...this.base(sessionId, 'settle', revenueAccount, netMinor, 'receipt'),
        effect: 'post-pending',
        resolves,
      })
    } else if (hold === 'open') {
      this.push({
        ...this.base(sessionId, 'void', revenueAccount, holdMinor, 'nothing-owed'),
        effect: 'void-pending',
        resolves,
      })
    } else if (netMinor > 0) {
      this.add(
        sessionId,
        'settle',
        this.reserve,
        revenueAccount,
        netMinor,
        hold === 'none' ? 'receipt' : 'receipt-after-hold',
      )
    }
    if (taxMinor > 0) this.add(sessionId, 'settle-tax', this.reserve, taxAccount, taxMinor, 'receipt')
    this.reserveBooks.balanceMinor -= owedMinor
    this.session = { ...this.session, hold: 'resolved', postedMinor: owedMinor, postedTaxMinor: taxMinor }
    this.cover()
  }

  /** Another, lower final stands now. It only ever gets lower, so each pair of amounts names one correction. */
  correct(postedMinor: MinorUnits, { owedMinor, taxMinor }: Final): void {
    if (owedMinor === postedMinor) return
    if (owedMinor > postedMinor) throw new Error(`What is owed for ${this.session.sessionId} rose`)
    const reference = `${this.session.sessionId}/${postedMinor}-${owedMinor}`
    const before = this.session.decisions ?? noDecisions
    const setOff = Math.min(postedMinor - owedMinor, before.refundedMinor)
    const decisions = lessRefunded(before, setOff)
    const backMinor = postedMinor - owedMinor - setOff
    const taxOnBooks = this.session.postedTaxMinor - before.refundedTaxMinor
    const taxBack = Math.min(backMinor, Math.max(0, taxOnBooks - (taxMinor - decisions.refundedTaxMinor)))
    const netBack = backMinor - taxBack
    if (netBack > 0) this.add(reference, 'correct', revenueAccount, this.reserve, netBack, 'lower-receipt')
    if (taxBack > 0) this.add(reference, 'correct-tax', taxAccount, this.reserve, taxBack, 'lower-receipt')
    this.reserveBooks.balanceMinor += backMinor
    const postedTaxMinor = minorUnits(taxOnBooks - taxBack + decisions.refundedTaxMinor)
    this.session = { ...this.session, postedMinor: owedMinor, postedTaxMinor, decisions }
    this.uncover(reference)
  }

  dispute({ owedMinor, claimedMinor }: Final): void {
    const { decided } = this.session.decisions ?? noDecisions
    const disputedMinor = minorUnits(openDoubtMinor(owedMinor, claimedMinor, decided))
    const { sessionId, disputedMinor: before, disputeReference } = this.session
    if (disputedMinor === before) return
    if (disputeReference !== null) {
      const resolves = { reference: disputeReference, kind: 'dispute' } as const
      const voiding = this.base(disputeReference, 'void', revenueAccount, before, 'dispute-changed')
      this.push({ ...voiding, effect: 'void-pending', resolves })
    }
    const reference = `${sessionId}/${owedMinor}..${claimedMinor}`
    if (disputedMinor > 0) {
      this.add(reference, 'dispute', this.reserve, revenueAccount, disputedMinor, 'receipts-differ', 'pend')
    }
    this.session = { ...this.session, disputedMinor, disputeReference: disputedMinor > 0 ? reference : null }
  }

  /** Pays what the reserve lacks: first from the owner's balance, the rest is owed. A card has no balance. */
  private cover(): void {
    const { sessionId, owner } = this.session
    const lacking = -this.reserveBooks.balanceMinor
    if (lacking <= 0) return
    const isCard = this.reserveBooks.cardDebtor !== undefined
    const fromBalance = isCard ? 0 : Math.min(lacking, Math.max(0, this.debtorBooks.availableMinor))
    const owed = lacking - fromBalance
    if (fromBalance > 0)
      this.add(sessionId, 'cover-balance', owner, this.reserve, fromBalance, 'beyond-reserve')
    if (owed > 0) {
      const receivable = receivableAccount(this.debtor)
      this.add(sessionId, 'cover-receivable', receivable, this.reserve, owed, 'beyond-reserve')
    }
    this.debtorBooks.availableMinor -= fromBalance
    this.debtorBooks.owedMinor += owed
    this.reserveBooks.balanceMinor = 0
    this.reserveBooks.coveredMinor += lacking
    this.beyondReserveMinor = lacking
  }

  /** Gives back a cover that is not needed any more: first against what is owed, then to the balance. */
  private uncover(reference: string): void {
    const { owner } = this.session
    const surplus = this.reserveBooks.balanceMinor
    const back = this.reserveBooks.isReleased ? surplus : Math.min(surplus, this.reserveBooks.coveredMinor)
    if (back <= 0) return
    const against = Math.min(back, this.debtorBooks.owedMinor)
    if (against > 0) {
      this.add(
        reference,
        'uncover-receivable',
        this.reserve,
        receivableAccount(this.debtor),
        against,
        'lower-receipt',
      )
    }
    if (back > against)
      this.add(reference, 'uncover-balance', this.reserve, owner, back - against, 'lower-receipt')
    this.debtorBooks.owedMinor -= against
    this.debtorBooks.availableMinor += back - against
    this.reserveBooks.balanceMinor -= back
    this.reserveBooks.coveredMinor -= Math.min(back, this.reserveBooks.coveredMinor)
  }

  private base(
    reference: string,
    kind: TransferKind,
    credit: LedgerAccount,
    amount: number,
    reason: string,
    debit: LedgerAccount = this.reserve,
  ): Omit<Transfer, 'effect' | 'resolves'> {
    const { currency } = this.session
    return {
      reference,
      kind,
      debit,
      credit,
      currency,
      amountMinor: minorUnits(amount),
      reason,
      author: this.author,
    }
  }

  private add(
    reference: string,
    kind: TransferKind,
    debit: LedgerAccount,
    credit: LedgerAccount,
    amount: number,
    reason: string,
    effect: 'post' | 'pend' = 'post',
  ): void {
    const { currency } = this.session
    const { author } = this
    this.push({
      reference,
      kind,
      debit,
      credit,
      currency,
      amountMinor: minorUnits(amount),
      reason,
      author,
      effect,
    })
  }

  private push(transfer: Transfer): void {
    this.transfers.push(transfer)
  }
}

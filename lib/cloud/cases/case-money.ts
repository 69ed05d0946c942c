/**
 * What a decision does to the books. Pure: takes the figures of the session, its grant's reserve and its owner, read
 * under lock, and gives the transfers. Every transfer of a step is named by the case and the step, so that the same
 * decision posts once, however often it is sent.
 */

import { divide } from '@/lib/core/divide'
import type { CurrencyCode, GrantSerial } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits, type MinorUnits } from '@/lib/core/units'
import { wholeUnits } from '@/lib/policy/defaults'
import {
  goodwillAccount,
  receivableAccount,
  reserveAccount,
  revenueAccount,
  taxAccount,
  writeOffAccount,
  type LedgerAccount,
  type OwnerAccount,
} from '../ledger/accounts'
import type { Transfer, TransferKey, TransferKind } from '../ledger/transfer'
import type { Remedy, Verdict } from './case-machine'
import { decideDoubt, type DecidedClaim } from './decided-claim'

/** What evidence and people have posted for one session so far. */
export interface SessionMoney {
  readonly sessionId: string
  readonly serial: GrantSerial
  readonly postedMinor: number
  readonly postedTaxMinor: number
  /** Pending above what is posted; zero without a dispute. */
  readonly disputedMinor: number
  readonly disputeReference: string | undefined
  /** Posted by verdicts, beyond what the evidence made certain. */
  readonly upheldMinor: number
  readonly upheldTaxMinor: number
  readonly refundedMinor: number
  readonly refundedTaxMinor: number
  readonly decided: DecidedClaim | undefined
}

export interface CaseBooks {
  readonly currency: CurrencyCode
  readonly owner: OwnerAccount
  /** Of the owner, or of a printed card, which owes what copies of it have spent and has no balance. */
  readonly receivable: LedgerAccount
  readonly ownerAvailableMinor: number
  /** What stands on it, as a positive figure. */
  readonly owedMinor: number
  readonly reserve: {
    readonly balanceMinor: number
    readonly pendingMinor: number
    /** Its credit has gone back to the owner: nothing may stay in it. */
    readonly isReleased: boolean
  }
}

export interface CaseStepMoney {
  readonly transfers: readonly Transfer[]
  /** The session's figures afterwards; undefined when the case is about none. */
  readonly session: SessionMoney | undefined
  /** Paid into the reserve by balance and receivable, because it could not pay an upheld claim. */
  readonly coveredMinor: number
}

export interface Signature {
  readonly caseId: string
  readonly reason: string
  readonly author: string
}

/** In whole units: a slip of the hand must not give away a month's income. More is several cases, on purpose. */
export const goodwillMost = 1_000

/** Where nothing is pending, a verdict moves nothing: the finding itself is the decision. */
export function verdictMoney(
  verdict: Verdict,
  session: SessionMoney | undefined,
  books: CaseBooks | undefined,
  taxBasisPoints: number | undefined,
  signature: Signature,
): CaseStepMoney {
  if (session?.disputeReference === undefined || books === undefined) {
    return { transfers: [], session, coveredMinor: 0 }
  }
  const dispute: TransferKey = { reference: session.disputeReference, kind: 'dispute' }
  const write = writer(books, signature, signature.caseId)
  const reserve = reserveAccount(session.serial)
  const amount = session.disputedMinor
  const decided = {
    ...session,
    disputedMinor: 0,
    disputeReference: undefined,
    decided: decideDoubt(session.postedMinor, amount, session.decided),
  }
  if (verdict === 'dismiss') {
    const voided = {
      ...write('dismiss', reserve, revenueAccount, amount),
      effect: 'void-pending',
      resolves: dispute,
    } as const
    const left = books.reserve.balanceMinor - (books.reserve.pendingMinor - amount)
    return {
      transfers: [voided, ...giveBack(reserve, books, left, write)],
      session: decided,
      coveredMinor: 0,
    }
  }
  const tax = taxOfUpheld(session, taxBasisPoints)
  const transfers: Transfer[] = [
    {
      ...write('uphold', reserve, revenueAccount, amount - tax),
      effect: 'post-pending',
      resolves: dispute,
    },
  ]
  if (tax > 0) transfers.push({ ...write('uphold-tax', reserve, taxAccount, tax), effect: 'post' })
  const lacking = Math.max(0, amount - books.reserve.balanceMinor)
  transfers.push(...cover(reserve, books, lacking, write))
  const upheld = {
    ...decided,
    upheldMinor: session.upheldMinor + amount,
    upheldTaxMinor: session.upheldTaxMinor + tax,
  }
  return { transfers, session: upheld, coveredMinor: lacking }
}

/** Refused with `case.amount` and the most that may be given. */
export function remedyMoney(
  remedy: Remedy,
  amountMinor: number,
  session: SessionMoney | undefined,
  books: CaseBooks | undefined,
  signature: Signature,
): Result<CaseStepMoney, Refusal> {
  const mostMinor = books === undefined ? 0 : mostOf(remedy, session, books)
  if (books === undefined || !Number.isSafeInteger(amountMinor) || amountMinor < 1 || amountMinor > mostMinor)
    return err(refusal('case.amount', { mostMinor }))
  const write = writer(books, signature, `${signature.caseId}/${remedy}`)
  const post = (
    kind: TransferKind,
    debit: LedgerAccount,
    credit: LedgerAccount,
    amount: number,
  ): Transfer => ({
    ...write(kind, debit, credit, amount),
    effect: 'post',
  })
  const { owner, owedMinor, receivable } = books
  if (remedy === 'write-off') {
    const transfers = [post('write-off', writeOffAccount, receivable, amountMinor)]
    return ok({ transfers, session, coveredMinor: 0 })
  }
  // As with every credit: it first pays what the owner owes. What a copied card owes, its owner does not.
  const isOwners = receivable === receivableAccount(owner)
  const recovered = isOwners || remedy === 'refund' ? Math.min(owedMinor, amountMinor) : 0
  const recovery = recovered > 0 ? [post('recover', owner, receivable, recovered)] : []
  if (remedy === 'goodwill' || session === undefined) {
    const transfers = [post('goodwill', goodwillAccount, owner, amountMinor), ...recovery]
    return ok({ transfers, session, coveredMinor: 0 })
  }
  const tax = taxOfRefund(session, amountMinor)
  const transfers = [
    ...(amountMinor > tax ? [post('refund', revenueAccount, owner, amountMinor - tax)] : []),
    ...(tax > 0 ? [post('refund-tax', taxAccount, owner, tax)] : []),
    ...recovery,
  ]
  const refunded = {
    ...session,
    refundedMinor: session.refundedMinor + amountMinor,
    refundedTaxMinor: session.refundedTaxMinor + tax,
  }
  return ok({ transfers, session: refunded, coveredMinor: 0 })
}

/** The most that a remedy may give now. */
export function mostOf(remedy: Remedy, session: SessionMoney | undefined, books: CaseBooks): number {
  switch (remedy) {
    case 'refund':
      return session === undefined ? 0 : session.postedMinor + session.upheldMinor - session.refundedMinor
    case 'goodwill':
      return wholeUnits(goodwillMost, books.currency)
    case 'write-off':
      return books.owedMinor
  }
}

/** Tax contained in the whole of what is then posted, less what was posted before: never more than the claim. */
function taxOfUpheld(session: SessionMoney, basisPoints: number | undefined): number {
  if (basisPoints === undefined) return 0
  const grossMinor = session.postedMinor + session.upheldMinor + session.disputedMinor
  const tax = divide(BigInt(grossMinor) * BigInt(basisPoints), BigInt(10_000 + basisPoints), 'half-up')
  const taxBefore = session.postedTaxMinor + session.upheldTaxMinor
  return Math.min(session.disputedMinor - 1, Math.max(0, Number(tax) - taxBefore))
}

/** Refunds carry tax in the proportion of what was charged, so that the whole refund returns all of it. */
function taxOfRefund(session: SessionMoney, amountMinor: number): number {
  const chargedMinor = session.postedMinor + session.upheldMinor
  const chargedTax = session.postedTaxMinor + session.upheldTaxMinor
  const share = divide(
    BigInt(chargedTax) * BigInt(session.refundedMinor + amountMinor),
    BigInt(chargedMinor),
    'half-up',
  )
  return Math.min(amountMinor, Math.max(0, Number(share) - session.refundedTaxMinor))
}

type Write = (
  kind: TransferKind,
  debit: LedgerAccount,
  credit: LedgerAccount,
  amountMinor: number,
) => Omit<Transfer, 'effect' | 'resolves'>

function writer({ currency }: CaseBooks, { reason, author }: Signature, reference: string): Write {
  return (kind, debit, credit, amount) => {
    const amountMinor: MinorUnits = minorUnits(amount)
    return { reference, kind, debit, credit, currency, amountMinor, reason, author }
  }
}

/** Pays what the reserve lacks for an upheld claim: first from the owner's balance, the rest is owed. */
function cover(reserve: LedgerAccount, books: CaseBooks, lacking: number, write: Write): readonly Transfer[] {
  const fromBalance = Math.min(lacking, Math.max(0, books.ownerAvailableMinor))
  const owed = lacking - fromBalance
  const { receivable } = books
  return [
    ...(fromBalance > 0
      ? [{ ...write('cover-balance', books.owner, reserve, fromBalance), effect: 'post' } as const]
      : []),
    ...(owed > 0
      ? [{ ...write('cover-receivable', receivable, reserve, owed), effect: 'post' } as const]
      : []),
  ]
}

/**
 * A released reserve keeps nothing: what the dismissed claim set free goes to the owner, first against its debts. A
 * card's own debt is paid from the card.
 */
function giveBack(reserve: LedgerAccount, books: CaseBooks, left: number, write: Write): readonly Transfer[] {
  if (!books.reserve.isReleased || left <= 0) return []
  const recovered = Math.min(left, books.owedMinor)
  const { receivable } = books
  if (receivable !== receivableAccount(books.owner)) {
    return [
      { ...write('uncover-receivable', reserve, receivable, recovered), effect: 'post' } as const,
      { ...write('release', reserve, books.owner, left - recovered), effect: 'post' } as const,
    ].filter(({ amountMinor }) => amountMinor > 0)
  }
  return [
    { ...write('release', reserve, books.owner, left), effect: 'post' },
    ...(recovered > 0
      ? [{ ...write('recover', books.owner, receivable, recovered), effect: 'post' } as const]
      : []),
  ]
}

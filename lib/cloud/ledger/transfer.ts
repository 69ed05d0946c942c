/**
 * One movement of money: so much from the debit account to the credit account. Named once and for all by
 * (tenant, reference, kind): the reference is a session id, a grant's serial or a top-up, the kind says which step.
 */

import type { CurrencyCode } from '@/lib/core/ids'
import type { MinorUnits } from '@/lib/core/units'
import type { LedgerAccount } from './accounts'

export const transferKinds = [
  /** Card provider → owner. */
  'top-up',
  /** Bank → owner: a transfer that a bank statement shows. */
  'bank-transfer',
  /** Credit line → owner: drawn because what is set aside is more than the owner has. */
  'draw',
  /** Owner → credit line: what came in gives back what was drawn. */
  'give-back',
  /** Owner → reserve of a grant. */
  'reserve',
  /** Pending, reserve → revenue: what an accepted authorization may cost. Resolved once, by `settle` or `void`. */
  'hold',
  /** Reserve → revenue: the net amount of the receipt, at most the hold. */
  'settle',
  /** Reserve → tax: the tax contained in the receipt. */
  'settle-tax',
  /** Ends a hold without a movement: declined, never started, or zero to pay. */
  'void',
  /** Reserve → owner: what a grant left over. */
  'release',
  /** Owner → reserve: the part of a valid session that its grant's reserve could not pay. */
  'cover-balance',
  /** Receivable → reserve: the part that neither reserve nor balance could pay. */
  'cover-receivable',
  /** Reserve → owner or receivable: a cover that a lower receipt made needless. */
  'uncover-balance',
  'uncover-receivable',
  /** Owner → receivable: new credit pays what was owed. */
  'recover',
  /** Revenue and tax → reserve: a second, lower receipt stands. */
  'correct',
  'correct-tax',
  /** Pending, reserve → revenue: the difference of two receipts of one session, until its case is decided. */
  'dispute',
  /** Reserve → revenue and tax: staff upheld the disputed difference. Named by the case, like all that follow. */
  'uphold',
  'uphold-tax',
  /** Ends a dispute without a movement: staff dismissed it. */
  'dismiss',
  /** Revenue and tax → owner: money back for a session, at most what was posted for it. */
  'refund',
  'refund-tax',
  /** Goodwill → owner. */
  'goodwill',
  /** Write-off → receivable: the operator will not collect it. */
  'write-off',
  /** Owner, and receivable for what the owner lacks → card provider: a refund on the card. */
  'card-refund',
  'card-refund-owed',
  /** Card provider → owner: a refund that did not reach the card. */
  'card-refund-returned',
  /** Owner and receivable → card provider: the card's holder denies the payment; back when the dispute is won. */
  'chargeback',
  'chargeback-owed',
  'chargeback-won',
  /** Card authorized → reserve: a guest's card has promised the amount. */
  'preauthorise',
  /** Reserve → card authorized: what need not be captured. */
  'unauthorise',
  /** Card provider → card authorized: captured; beyond the promise to the guest. */
  'capture',
  'capture-extra',
  /** Receivable → card authorized: promised, used, and not to be had from the card any more. */
  'capture-lost',
  /** Reserve and guest → card provider: captured and not used. */
  'guest-refund',
  'guest-refund-balance',
] as const
export type TransferKind = (typeof transferKinds)[number]

export interface TransferKey {
  readonly reference: string
  readonly kind: TransferKind
}

/**
 * `post` moves at once; `pend` only promises; `post-pending` moves at most the promised amount and ends the promise;
 * `void-pending` ends it without moving, its amount being the promise's.
 */
export type TransferEffect =
  | { readonly effect: 'post' | 'pend' }
  | { readonly effect: 'post-pending' | 'void-pending'; readonly resolves: TransferKey }

export type Transfer = TransferKey &
  TransferEffect & {
    readonly debit: LedgerAccount
    readonly credit: LedgerAccount
    readonly currency: CurrencyCode
    /** Above zero. */
    readonly amountMinor: MinorUnits
    /** Why, in a few fixed words for the audit; never personal data. */
    readonly reason: string
    /** Who caused it: a device, an account or the operator's own worker. */
    readonly author: string
  }

export type TransferOutcome =
  /** Written now. */
  | 'posted'
  /** Was written before with the same content: nothing changed. */
  | 'duplicate'

/** Why a whole batch was refused. Nothing of it is written; the caller's transaction must roll back. */
export type LedgerFault =
  | { readonly kind: 'insufficient'; readonly account: LedgerAccount; readonly availableMinor: number }
  | { readonly kind: 'differs'; readonly key: TransferKey }
  | { readonly kind: 'no-pending'; readonly key: TransferKey }
  | { readonly kind: 'already-resolved'; readonly key: TransferKey }
  | { readonly kind: 'exceeds-pending'; readonly key: TransferKey; readonly pendingMinor: number }

export const keyText = ({ reference, kind }: TransferKey): string => `${reference} ${kind}`

/**
 * Guests by card (rule 12 of money): what is set aside on a card stands behind one grant. Pure: from what the books
 * and the chargers say about it now, what to do next and which transfers that makes.
 *
 * The account `card-authorized:<id>` is what the card still owes: below zero from the preauthorisation on, back at
 * zero when all of it was captured, let go or written off. At every instant it and the reserve tell the same story.
 */

import type { CurrencyCode, GrantSerial } from '@/lib/core/ids'
import { minorUnits } from '@/lib/core/units'
import {
  cardAuthorizedAccount,
  cardClearingAccount,
  guestAccount,
  receivableAccount,
  reserveAccount,
  type LedgerAccount,
} from '../ledger/accounts'
import type { Transfer, TransferKind } from '../ledger/transfer'

export interface GuestParty {
  readonly paymentId: string
  readonly serial: GrantSerial
  readonly currency: CurrencyCode
}

export interface GuestMoney {
  /** Posted balance of `card-authorized:<id>`; never above zero. */
  readonly cardMinor: number
  /** Posted balance of the grant's reserve, and what is pending out of it: open holds and disputes. */
  readonly reserveMinor: number
  readonly pendingMinor: number
  /** What came to the guest's own account: a release after the holds ran out, a lower receipt. */
  readonly ownerMinor: number
}

export interface GuestStanding {
  readonly state: 'authorized' | 'captured'
  readonly holdMinor: number
  /** `decided`: every session has a receipt or a decline. */
  readonly sessions: 'none' | 'open' | 'decided'
  /** Two receipts of a session differ and people have not decided yet. */
  readonly isDisputed: boolean
  readonly hasExpired: boolean
  /** Every charger's log reaches past the grant's end: what is not known now did not happen. */
  readonly logsReachEnd: boolean
  /** The card's promise ends soon. */
  readonly isOverdue: boolean
  readonly money: GuestMoney
}

export type GuestDecision =
  | { readonly kind: 'wait' }
  /** Nothing was used: the card is let go. */
  | { readonly kind: 'cancel' }
  | { readonly kind: 'capture'; readonly amountMinor: number }
  /** More was captured than is owed. */
  | { readonly kind: 'refund'; readonly amountMinor: number }
  /** Less was captured than is owed, and more cannot be had. */
  | { readonly kind: 'lose' }

export function decideGuest(standing: GuestStanding): GuestDecision {
  return standing.state === 'authorized' ? decideAuthorized(standing) : decideCaptured(standing)
}

function decideAuthorized(standing: GuestStanding): GuestDecision {
  const { sessions, holdMinor, money } = standing
  const spentMinor = holdMinor - restOf(money)
  const isClear = sessions === 'decided' && !standing.isDisputed
  if (isClear && spentMinor > 0) return { kind: 'capture', amountMinor: spentMinor }
  if (isClear && standing.hasExpired) return { kind: 'cancel' }
  if (sessions === 'none' && standing.hasExpired && standing.logsReachEnd) return { kind: 'cancel' }
  if (!standing.isOverdue) return { kind: 'wait' }
  if (sessions !== 'decided') return { kind: 'capture', amountMinor: holdMinor }
  return spentMinor > 0 ? { kind: 'capture', amountMinor: spentMinor } : { kind: 'cancel' }
}

function decideCaptured({ sessions, logsReachEnd, hasExpired, money }: GuestStanding): GuestDecision {
  const isKnown = sessions === 'decided' || (sessions === 'none' && hasExpired && logsReachEnd)
  const surplusMinor = (isKnown ? restOf(money) : 0) + Math.max(0, money.ownerMinor)
  if (surplusMinor > 0) return { kind: 'refund', amountMinor: surplusMinor }
  return isKnown && money.cardMinor < 0 ? { kind: 'lose' } : { kind: 'wait' }
}

/** What nothing claims any more. */
const restOf = ({ reserveMinor, pendingMinor }: GuestMoney): number =>
  Math.max(0, reserveMinor - pendingMinor)

/** The card has promised the amount: it stands behind the grant. */
export const preauthoriseTransfers = (party: GuestParty, amountMinor: number): readonly Transfer[] =>
  lines(party, party.paymentId, [
    ['preauthorise', card(party), reserveAccount(party.serial), amountMinor, 'card-promised'],
  ])

/** Before so much is captured: what the card need not pay goes back to its promise. */
export const releaseTransfers = (
  party: GuestParty,
  decision: Extract<GuestDecision, { kind: 'capture' | 'cancel' }>,
  money: GuestMoney,
): readonly Transfer[] => {
  const keptMinor = decision.kind === 'capture' ? decision.amountMinor : 0
  const backMinor = Math.min(restOf(money), -money.cardMinor - keptMinor)
  return lines(party, `${party.paymentId}/release`, [
    ['unauthorise', reserveAccount(party.serial), card(party), backMinor, 'not-used'],
  ])
}

/** The provider says that so much was taken. More than the promise is the guest's, and goes back to it. */
export const captureTransfers = (
  party: GuestParty,
  capturedMinor: number,
  { cardMinor }: GuestMoney,
): readonly Transfer[] => {
  const promisedMinor = Math.min(capturedMinor, -cardMinor)
  const owner = guestAccount(party.paymentId)
  return lines(party, party.paymentId, [
    ['capture', cardClearingAccount, card(party), promisedMinor, 'captured'],
    ['capture-extra', cardClearingAccount, owner, capturedMinor - promisedMinor, 'captured-beyond-promise'],
  ])
}

/** The card's promise is gone. What sessions used of it is owed by the guest; the rest was never taken. */
export const lapseTransfers = (party: GuestParty, money: GuestMoney): readonly Transfer[] => {
  const promisedMinor = -money.cardMinor
  const backMinor = Math.min(Math.max(0, money.reserveMinor), promisedMinor)
  const owed = receivableAccount(guestAccount(party.paymentId))
  return lines(party, `${party.paymentId}/lapse`, [
    ['unauthorise', reserveAccount(party.serial), card(party), backMinor, 'promise-lapsed'],
    ['capture-lost', owed, card(party), promisedMinor - backMinor, 'promise-lapsed'],
  ])
}

export interface GuestRefund {
  readonly transfers: readonly Transfer[]
  /** What the provider has to give back. */
  readonly refundMinor: number
}

/** What is too much pays first what the card still owes; the rest goes back to it. `reference` names the refund. */
export function refundTransfers(
  party: GuestParty,
  amountMinor: number,
  money: GuestMoney,
  reference: string,
): GuestRefund {
  const owner = guestAccount(party.paymentId)
  const reserve = reserveAccount(party.serial)
  const fromOwner = Math.min(amountMinor, Math.max(0, money.ownerMinor))
  const fromReserve = amountMinor - fromOwner
  const settled = Math.min(fromReserve, -money.cardMinor)
  return {
    transfers: lines(party, reference, [
      ['unauthorise', reserve, card(party), settled, 'not-captured'],
      ['guest-refund', reserve, cardClearingAccount, fromReserve - settled, 'not-used'],
      ['guest-refund-balance', owner, cardClearingAccount, fromOwner, 'not-used'],
    ]),
    refundMinor: amountMinor - settled,
  }
}

const card = ({ paymentId }: GuestParty): LedgerAccount => cardAuthorizedAccount(paymentId)

type Line = readonly [TransferKind, LedgerAccount, LedgerAccount, number, string]

const lines = (party: GuestParty, reference: string, items: readonly Line[]): readonly Transfer[] =>
  items
    .filter(([, , , amount]) => amount > 0)
    .map(([kind, debit, credit, amount, reason]) => ({
      reference,
      kind,
      effect: 'post',
      debit,
      credit,
      currency: party.currency,
      amountMinor: minorUnits(amount),
      reason,
      author: 'operator',
    }))

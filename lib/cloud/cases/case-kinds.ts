/** What cases are about, and the reason code that each kind goes by. */

import type { ReasonCode } from '@/lib/core/reason-codes'

export const caseCodes = {
  /** Two different receipts, or a decline beside a receipt or an acceptance, for one session. */
  'two-finals': 'receipt.session',
  'exceeds-hold': 'receipt.exceeds-hold',
  /** The charger billed more than registers and tariff give. */
  amount: 'receipt.amount',
  /** Registers and the meter's own signed record say different things, or a register ran backwards. */
  'meter-mismatch': 'case.meter',
  currency: 'offer.currency',
  /** A charger signed something about a session whose consent names another offer. */
  'foreign-charger': 'offer.unknown',
  /** Two authorizations at one place of a chain: a cloned wallet or a restored backup. */
  fork: 'wallet.previous',
  /** Sums that do not follow: a wallet that lies about itself. */
  chain: 'wallet.sums',
  /** Events or receipts of a charger that have not arrived for weeks, although later ones did. */
  gap: 'device.gap',
  /** A valid session that its grant's reserve could not pay. */
  'beyond-reserve': 'wallet.cap',
  /** A copied card: its sessions cost more than it had. */
  'double-spend': 'voucher.spent',
  /** A charger sold to a card that was past its date, or at a site where it is not good. */
  'card-expired': 'voucher.expired',
  'card-site': 'voucher.site',
  /** A card was spent after it had been blocked, where nobody had heard of that yet. */
  'card-revoked': 'voucher.revoked',
  /** A charger let a card in by itself and delivered more than the card could pay. */
  'card-over-credit': 'voucher.spent',
  /** A charger sold to a card that was never issued. */
  'unknown-card': 'voucher.signature',
  /** An authorization later than the close of its grant. */
  'after-close': 'grant.closed',
  /** Two histories under one charger's key. */
  'device-fork': 'device.fork',
  'unknown-device': 'device.unknown',
  /** A device's time went back or leapt, so that a duration or a validity is in doubt. */
  'clock-jump': 'case.clock',
  /** The driver says that the bill is wrong. */
  dispute: 'case.dispute',
  /** The holder of a card denies a payment. */
  'card-dispute': 'payment.disputed',
  /** An account was deleted while it had credit. */
  'account-refund': 'case.account-refund',
  /** The card provider says another amount or currency than was asked for. */
  'card-payment': 'payment.mismatch',
  /** A capture or refund that the card provider refused for good. */
  'card-act': 'payment.act',
} as const satisfies Record<string, ReasonCode>

export type CaseKind = keyof typeof caseCodes

export const caseKinds = Object.keys(caseCodes) as readonly CaseKind[]

export const isCaseKind = (text: string): text is CaseKind => Object.hasOwn(caseCodes, text)

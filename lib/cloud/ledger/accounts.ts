/**
 * The accounts of the books. Balances are credit-positive: what the operator owes to drivers and fleets is positive,
 * what it is owed (receivables, money at the card provider) is negative, and everything adds up to zero.
 */

import type { GrantSerial } from '@/lib/core/ids'

declare const ledgerAccount: unique symbol
/** `<class>` or `<class>:<id>`; the class decides which balances are legal. */
export type LedgerAccount = string & { readonly [ledgerAccount]: true }

/** Whoever pays for sessions: a driver's wallet, a fleet's credit, or a guest's card. */
export type OwnerAccount = LedgerAccount & { readonly owner: true }

declare const cardDebtor: unique symbol
/**
 * Whoever spent a printed card beyond its credit: copies were shown. Nobody knows who that is; the card promised no
 * more than its credit, so nobody's balance pays for it.
 */
export type CardDebtor = string & { readonly [cardDebtor]: true }
/** Who owes what a reserve could not pay. */
export type Debtor = OwnerAccount | CardDebtor

export const accountClasses = [
  'wallet',
  'fleet',
  'guest',
  'reserve',
  'receivable',
  'revenue',
  'tax',
  'card-clearing',
  'card-authorized',
  'bank-clearing',
  'credit-line',
  'goodwill',
  'write-off',
] as const
export type AccountClass = (typeof accountClasses)[number]

/**
 * The least that an account may hold. `available` counts open holds against it, `balance` only what is posted;
 * `at-most-zero` is for what others owe and for what the operator gave away. The database checks the same rules as its
 * last line of defence.
 */
export const balanceRules = {
  wallet: 'available-not-negative',
  fleet: 'available-not-negative',
  guest: 'available-not-negative',
  reserve: 'balance-not-negative',
  receivable: 'balance-at-most-zero',
  revenue: 'any',
  tax: 'any',
  'card-clearing': 'any',
  'card-authorized': 'balance-at-most-zero',
  'bank-clearing': 'any',
  'credit-line': 'balance-at-most-zero',
  goodwill: 'balance-at-most-zero',
  'write-off': 'balance-at-most-zero',
} as const satisfies Record<AccountClass, string>

const idPattern = /^[a-z0-9-]{1,64}$/

function named(accountClass: AccountClass, id: string): LedgerAccount {
  if (!idPattern.test(id))
    throw new RangeError(`Not the id of an account: ${JSON.stringify(id.slice(0, 80))}`)
  return `${accountClass}:${id}` as LedgerAccount
}

export const walletAccount = (accountId: string): OwnerAccount => named('wallet', accountId) as OwnerAccount
export const fleetAccount = (fleetId: string): OwnerAccount => named('fleet', fleetId) as OwnerAccount
/** What a driver without an account gets back, until it is back on the card. */
export const guestAccount = (paymentId: string): OwnerAccount => named('guest', paymentId) as OwnerAccount
/** What a guest's card has promised and not paid yet. */
export const cardAuthorizedAccount = (paymentId: string): LedgerAccount => named('card-authorized', paymentId)
/** Holds the credit of one grant, away from its owner, until sessions or the release use it up. */
export const reserveAccount = (serial: GrantSerial): LedgerAccount => named('reserve', serial)
export const cardDebtorOf = (serial: GrantSerial): CardDebtor => `card:${serial}` as CardDebtor
/** What an owner, or a copied card, has spent beyond its credit: double spends and late receipts. */
export const receivableAccount = (debtor: Debtor): LedgerAccount =>
  named('receivable', debtor.replace(':', '-'))

export const revenueAccount = 'revenue' as LedgerAccount
export const taxAccount = 'tax' as LedgerAccount
export const cardClearingAccount = 'card-clearing' as LedgerAccount
/** Money in the operator's bank account that fleets have transferred. */
export const bankClearingAccount = 'bank-clearing' as LedgerAccount
/** What a fleet has drawn from the credit line that the operator gave it. */
export const creditLineAccount = (fleetId: string): LedgerAccount => named('credit-line', fleetId)
/** What the operator gave to owners without owing it, and what it has given up to collect. */
export const goodwillAccount = 'goodwill' as LedgerAccount
export const writeOffAccount = 'write-off' as LedgerAccount

/** Reads an owner's account back from the database. Throws on anything else: only our own rows get here. */
export function ownerAccount(text: string): OwnerAccount {
  const accountClass = classOf(text as LedgerAccount)
  if (accountClass !== 'wallet' && accountClass !== 'fleet' && accountClass !== 'guest')
    throw new RangeError(`${text} owns no credit`)
  return text as OwnerAccount
}

export function classOf(account: LedgerAccount): AccountClass {
  const name = account.split(':', 1)[0]
  const found = accountClasses.find((accountClass) => accountClass === name)
  if (found === undefined) throw new RangeError(`No class of account: ${account}`)
  return found
}

/** A ledger of one screenful: adds every transfer up again and holds the result against the real one's balances. */

import { short } from './trace'
import type { World } from './world'
import type { BookedTransfer, CloudBooks } from './world-cloud'

const moves = ({ effect }: BookedTransfer): boolean => effect === 'post' || effect === 'post-pending'

export function checkLedger(world: World, { transfers, accounts }: CloudBooks): void {
  const { trace } = world
  const posted = new Map<string, number>()
  const pending = new Map<string, number>()
  const names = new Set<string>()
  const resolved = new Set<string>()
  const add = (sums: Map<string, number>, account: string, amountMinor: number): void =>
    void sums.set(account, (sums.get(account) ?? 0) + amountMinor)
  for (const transfer of transfers) {
    const { reference, kind, debit, credit, currency, amountMinor, resolves } = transfer
    const name = `${reference} ${kind}`
    if (names.has(name)) trace.violate('posts at most once per session and kind', name)
    names.add(name)
    if (amountMinor <= 0) trace.violate('money moves forward', name)
    if (resolves !== null) {
      if (resolved.has(resolves)) trace.violate('a pending resolves once', resolves)
      resolved.add(resolves)
    }
    if (!moves(transfer)) continue
    add(posted, `${debit} ${currency}`, -amountMinor)
    add(posted, `${credit} ${currency}`, amountMinor)
  }
  for (const transfer of transfers) {
    const { effect, reference, kind, debit, currency, amountMinor } = transfer
    if (effect === 'pend' && !resolved.has(`${reference} ${kind}`))
      add(pending, `${debit} ${currency}`, amountMinor)
  }
  const sums = new Map<string, number>()
  for (const { account, currency, postedMinor, pendingMinor } of accounts) {
    const name = `${account} ${currency}`
    add(sums, currency, postedMinor)
    if (postedMinor !== (posted.get(name) ?? 0)) trace.violate('a balance is the sum of its postings', name)
    if (pendingMinor !== (pending.get(name) ?? 0))
      trace.violate('what is pending is what is not resolved', name)
    const [accountClass = ''] = account.split(':')
    const isShort = ['wallet', 'fleet', 'reserve'].includes(accountClass) && postedMinor < 0
    if (isShort) trace.violate('nobody holds less than nothing', name)
    if (accountClass === 'receivable' && postedMinor > 0) trace.violate('what is owed is owed', name)
  }
  for (const [currency, sum] of sums) {
    if (sum !== 0) trace.violate('sums are zero per currency', `${currency} ${sum}`)
  }
}

/** What the books call over holds nothing back any more. */
export function checkHolds({ trace }: World, { sessions, transfers }: CloudBooks): void {
  const resolved = new Set(transfers.flatMap(({ resolves }) => resolves ?? []))
  const pending = new Set(
    transfers
      .filter(({ effect, kind }) => effect === 'pend' && kind === 'hold')
      .map(({ reference }) => reference)
      .filter((reference) => !resolved.has(`${reference} hold`)),
  )
  for (const { sessionId, hold } of sessions)
    if (hold === 'resolved' && pending.has(sessionId))
      trace.violate('a hold that is over holds nothing back', short(sessionId))
}

/** Credit less what was spent is what is left, wherever it lies; what honest people owe is nothing. */
export function checkOwners(world: World, { accounts, sessions, transfers }: CloudBooks): void {
  const { trace, truth, phones } = world
  const balance = (account: string): number =>
    accounts.reduce((sum, one) => (one.account === account ? sum + one.postedMinor : sum), 0)
  for (const [owner, paidInMinor] of truth.paidIn) {
    const serials = new Set(
      transfers
        .filter(({ kind, debit }) => kind === 'reserve' && debit === owner)
        .map(({ reference }) => reference),
    )
    const reserved = [...serials].reduce((sum, serial) => sum + balance(`reserve:${serial}`), 0)
    const owed = balance(`receivable:${owner.replace(':', '-')}`)
    const spent = sessions.reduce((sum, one) => (one.owner === owner ? sum + (one.postedMinor ?? 0) : sum), 0)
    const cards = [...truth.cards.sold.values()].filter((card) => card.owner === owner)
    const owedByCards = cards.reduce((sum, { serial }) => sum + balance(`receivable:card-${serial}`), 0)
    const left = balance(owner) + reserved + owed + owedByCards
    if (left !== paidInMinor - spent)
      trace.violate(
        'credit less what was spent is what is left',
        `${owner}: ${left}, not ${paidInMinor - spent}`,
      )
    const isHonest = phones.every((phone) => !phone.owns(owner) || phone.isHonest)
    const isReleased = transfers.some(({ kind, reference }) => kind === 'release' && serials.has(reference))
    if (isHonest && !isReleased && owed !== 0) trace.violate('honest people owe nothing', `${owner}: ${owed}`)
  }
  const earned = balance('revenue') + balance('tax')
  const spent = sessions.reduce((sum, { postedMinor }) => sum + (postedMinor ?? 0), 0)
  if (earned !== spent) trace.violate('what is earned is what was spent', `${earned}, not ${spent}`)
}

/** Guests by card: what a bank statement shows is what sessions cost, once, and never more than was set aside. */

import { short } from './trace'
import type { World } from './world'
import type { CloudBooks } from './world-cloud'

/** @param isLast every hold has run out, and every look was taken. */
export function checkGuests({ trace, truth, cloud, lived }: World, books: CloudBooks, isLast: boolean): void {
  const balance = (account: string): number =>
    books.accounts.reduce((sum, one) => (one.account === account ? sum + one.postedMinor : sum), 0)
  for (const [paymentId, { holdMinor, serial }] of truth.guests) {
    const name = short(paymentId)
    const owner = `guest:${paymentId}`
    const paidMinor = cloud.cards.paidBy(paymentId)
    const spentMinor = books.sessions
      .filter((session) => session.serial === serial)
      .reduce((sum, { postedMinor }) => sum + (postedMinor ?? 0), 0)
    if (cloud.cards.capturesOf(paymentId) > 1) trace.violate('a card is captured once', name)
    if (paidMinor > holdMinor) trace.violate('no guest pays more than was set aside', name)
    if (paidMinor < 0) trace.violate('no card gets back more than it gave', name)
    const owedMinor = -balance(`receivable:guest-${paymentId}`)
    const stillMinor = balance(`reserve:${serial}`) + balance(owner) + balance(`card-authorized:${paymentId}`)
    const isWhole = paidMinor === spentMinor - owedMinor + stillMinor
    if (isLast && !isWhole)
      trace.violate(
        'a bank statement shows what sessions cost',
        `${name}: ${paidMinor} for ${spentMinor}, ${owedMinor} owed, ${stillMinor} left`,
      )
    if (isLast && balance(`card-authorized:${paymentId}`) !== 0) trace.violate('a card’s promise ends', name)
    if (isLast && paidMinor > 0) lived.count('guests-captured')
    if (isLast && cloud.cards.refundsOf(paymentId) > 0) lived.count('guests-refunded')
  }
}

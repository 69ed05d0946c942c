/**
 * Printed cards in the books: a card pays what its credit holds and nobody pays the rest, however many copies of it
 * were shown; every doubt is one case that people can find.
 */

import { short } from './trace'
import type { World } from './world'
import type { CloudBooks } from './world-cloud'

/** What leaves a card's reserve for its owner. */
const givenBack: ReadonlySet<string> = new Set(['release', 'uncover-balance'])

export function checkCards(world: World, books: CloudBooks): void {
  const { trace, truth } = world
  const balance = (account: string): number =>
    books.accounts.reduce((sum, one) => (one.account === account ? sum + one.postedMinor : sum), 0)
  for (const { serial, payload } of truth.cards.sold.values()) {
    const name = short(serial)
    const reserve = `reserve:${serial}`
    const sessions = books.sessions.filter((session) => session.serial === serial)
    const spentMinor = sessions.reduce((sum, { postedMinor }) => sum + (postedMinor ?? 0), 0)
    const backMinor = books.transfers
      .filter(({ kind, debit }) => debit === reserve && givenBack.has(kind))
      .reduce((sum, { amountMinor }) => sum + amountMinor, 0)
    const beyondMinor = Math.max(0, spentMinor + backMinor - payload.capMinor)
    const owedMinor = -balance(`receivable:card-${serial}`)
    // What a listed card spends beyond its credit is its fleet's.
    if (payload.bearer === 'rfid') continue
    if (owedMinor !== beyondMinor)
      trace.violate('beyond its credit a card owes', `${name}: ${owedMinor}, not ${beyondMinor}`)
    if (books.transfers.some(({ kind, credit }) => kind === 'cover-balance' && credit === reserve))
      trace.violate('a copied card costs its owner nothing', name)
    const doubles = books.cases.filter((one) => one.kind === 'double-spend' && one.serial === serial).length
    if (doubles > 1 || (beyondMinor > 0 && doubles === 0))
      trace.violate('a card that was spent twice is one case', `${name}: ${doubles}`)
    if (beyondMinor > 0 && !books.revoked.includes(serial))
      trace.violate('a card that was spent twice is blocked', name)
    if (doubles === 0 && spentMinor < payload.capMinor) checkLost(world, serial, books)
  }
  for (const { sessionId, doubt } of truth.cards.sessions.values()) {
    const isKnown = books.sessions.some((one) => one.sessionId === sessionId && one.serial !== null)
    const hasCase = books.cases.some((one) => one.kind === doubt && one.sessionId === sessionId)
    if (doubt !== undefined && isKnown && !hasCase)
      trace.violate('a card where it is not good is a case', `${short(sessionId)}: ${doubt}`)
  }
  for (const chargerId of truth.cards.inventors) {
    const hasCase = books.cases.some((one) => one.kind === 'unknown-card' && one.chargerId === chargerId)
    if (!hasCase) trace.violate('a card that nobody issued is a case', chargerId)
  }
}

/** Spent after it was blocked, at a charger that had not heard of it: owed, and somebody must look. */
function checkLost({ trace, truth, safety }: World, serial: string, books: CloudBooks): void {
  const { lostAtS } = truth.cards.sold.get(serial) ?? {}
  if (lostAtS === undefined) return
  for (const { sessionId, timeS, offerHash } of truth.cards.sessions.values()) {
    const session = books.sessions.find((one) => one.sessionId === sessionId && one.serial === serial)
    const isTimely = !safety.unsureOfTime.has(safety.ownerOf(offerHash) ?? '')
    if (!isTimely || timeS <= lostAtS || (session?.postedMinor ?? 0) === 0) continue
    const hasCase = books.cases.some((one) => one.kind === 'card-revoked' && one.sessionId === sessionId)
    if (!hasCase) trace.violate('a lost card that is spent is a case', short(sessionId))
  }
}

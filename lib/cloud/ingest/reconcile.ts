/**
 * Takes verified evidence into the books, inside the caller's transaction: keeps the pieces, judges every session that
 * they touch from all that is known of it, posts the difference to what was posted before, and opens cases. Whoever
 * brings what, in whatever order and however often, the books end up the same.
 */

import { currencyCode, type GrantSerial, type SessionId } from '@/lib/core/ids'
import { minorUnits } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import type { Transfer } from '../ledger/transfer'
import { cardsOf, examineCards, lockCardDebts } from './bearer-books'
import type { Evidence } from './evidence'
import { evidenceBySession } from './evidence-order'
import { examineChains, sightingsIn } from './examine-chains'
import { judge, type Judgement } from './judge'
import type { KnownCards, Mandate } from './mandate'
import type { Reconciler } from './reconciler'
import { casesOf } from './session-cases'
import { isSameEvent, orphanSession } from './session-record'
import { settle, type Books, type PostedSession, type Settlement } from './settle'
import { attributeOffer } from './whose-offer'
import type { LoggedEvent, NewCase, ReconcileTransaction, SessionRecord, SourcedPiece } from './store'

/** One piece of evidence, and who brought it. */
export interface Contribution extends SourcedPiece {
  /** The device whose word it is: a charger's id or a grant's serial. */
  readonly author: string
  /** The event of an accepted log that holds it. */
  readonly logged?: LoggedEvent | undefined
}

/** Every consent must be under a grant of ours in our currency; the readers see to it. */
export async function reconcile(
  { clock, verify }: Reconciler,
  tx: ReconcileTransaction,
  contributions: readonly Contribution[],
): Promise<void> {
  if (contributions.length === 0) return
  const nowS = clock.nowS()
  const brought = bySession(contributions)
  const ids = [...brought.keys()].sort()
  await tx.keepEvidence(
    contributions.filter(({ logged }) => logged === undefined),
    nowS,
  )
  const held = await tx.lockSessions(ids)
  const stored = await tx.loadEvidence([...held.keys()])
  const known = evidenceBySession([...contributions.map(({ piece }) => piece), ...stored])
  const cards = await cardsOf(tx, known)
  const judgements = ids
    .filter((id) => held.get(id)?.isForgotten !== true)
    .map((id) => judgeSession(known.get(id) ?? [], cards, verify))
    .filter((judgement) => judgement !== undefined)
  const books = await tx.lockBooks(serialsOf(judgements))
  await lockCardDebts(tx, judgements, books)
  const records = new Map(
    ids.map((id) => [id, touchedRecord(held.get(id) ?? orphanSession(id), brought.get(id) ?? [])]),
  )
  const coveredBefore = new Map(
    [...books.reserves].map(([serial, { coveredMinor }]) => [serial, coveredMinor]),
  )
  const transfers: Transfer[] = []
  const cases: NewCase[] = []
  const overspent = new Set<GrantSerial>()
  for (const judgement of judgements) {
    const { mandate, final } = judgement
    const { sessionId: id, serial } = mandate
    const record = records.get(id) ?? orphanSession(id)
    const author = brought.get(id)?.at(-1)?.author ?? 'operator'
    const settlement = settle(postedSession(record, mandate, books), final, books, author)
    transfers.push(...settlement.transfers)
    if (settlement.beyondReserveMinor > 0) overspent.add(serial)
    const closedAfterSeq = books.reserves.get(serial)?.closedAfterSeq
    cases.push(...casesOf(judgement, known.get(id) ?? [], settlement, closedAfterSeq))
    records.set(id, changedRecord(record, judgement, settlement))
  }
  const written = [...records.values()]
  await tx.addSessions(
    written.filter(({ sessionId: id }) => !held.has(id)),
    nowS,
  )
  await tx.changeSessions(
    written.filter(({ sessionId: id }) => held.has(id)),
    nowS,
  )
  const covered = [...books.reserves].filter(
    ([serial, { coveredMinor }]) => coveredMinor !== coveredBefore.get(serial),
  )
  if (covered.length > 0) await tx.writeCovered({ ...books, reserves: new Map(covered) })
  const sightings = sightingsIn(contributions)
  await tx.keepSightings(sightings, nowS)
  cases.push(...(await examineChains(tx, judgements, sightings)))
  cases.push(...(await examineCards(tx, judgements, known, books, overspent)))
  await tx.openCases(cases, nowS)
  // Last, because everybody waits for whoever has added to the operator's own accounts and is not done.
  const posted = await tx.post(transfers)
  if (!posted.ok) throw new Error(`Sessions cannot be posted: ${JSON.stringify(posted.error)}`)
}

function judgeSession(
  evidence: readonly Evidence[],
  cards: KnownCards,
  verify: Verify,
): Judgement | undefined {
  const { evidence: attributed, isContested, hasSeveralMakers } = attributeOffer(evidence, verify)
  const judgement = judge(attributed, cards, hasSeveralMakers)
  if (judgement === undefined || !isContested) return judgement
  return { ...judgement, doubts: [...new Set([...judgement.doubts, 'foreign-charger' as const])].sort() }
}

function bySession(contributions: readonly Contribution[]): ReadonlyMap<SessionId, readonly Contribution[]> {
  const sessions = new Map<SessionId, Contribution[]>()
  for (const contribution of contributions) {
    const ofSession = sessions.get(contribution.piece.sessionId)
    if (ofSession === undefined) sessions.set(contribution.piece.sessionId, [contribution])
    else ofSession.push(contribution)
  }
  return sessions
}

/** Who has told of it, and in which logs. */
function touchedRecord(record: SessionRecord, brought: readonly Contribution[]): SessionRecord {
  const logged = [...record.logged]
  for (const { logged: event } of brought)
    if (event !== undefined && !logged.some((known) => isSameEvent(known, event))) logged.push(event)
  return {
    ...record,
    byPhone: record.byPhone || brought.some(({ source }) => source === 'phone'),
    byCharger: record.byCharger || brought.some(({ source }) => source === 'charger'),
    logged,
  }
}

const serialsOf = (judgements: readonly Judgement[]): readonly GrantSerial[] =>
  [...new Set(judgements.map(({ mandate }) => mandate.serial))].sort()

function postedSession(record: SessionRecord, mandate: Mandate, books: Books): PostedSession {
  const { serial, currency } = mandate
  const owner = books.reserves.get(serial)?.owner
  if (owner === undefined) throw new Error(`Grant ${serial} has no reserve`)
  return {
    sessionId: mandate.sessionId,
    serial,
    owner,
    currency: currencyCode(currency),
    holdMinor: mandate.holdMinor,
    hold: record.holdState,
    postedMinor: record.postedMinor === null ? null : minorUnits(record.postedMinor),
    postedTaxMinor: minorUnits(record.postedTaxMinor),
    disputedMinor: minorUnits(record.disputedMinor),
    disputeReference: record.disputeReference,
    decisions: record.decisions,
  }
}

function changedRecord(
  record: SessionRecord,
  { mandate, charger, final, answerDueS }: Judgement,
  { session }: Settlement,
): SessionRecord {
  const link = mandate.by.kind === 'wallet' ? mandate.by.consent.authorization : undefined
  return {
    ...record,
    serial: mandate.serial,
    owner: session.owner,
    seq: link?.seq ?? null,
    previousHash: link?.previous ?? null,
    grossMinor: link?.grossMinor ?? null,
    holdMinor: mandate.holdMinor,
    currency: mandate.currency,
    authorizedAtS: mandate.atS,
    chargerId: charger?.id ?? null,
    siteLabel: charger?.siteLabel ?? null,
    bayLabel: charger?.bayLabel ?? null,
    state: final === undefined ? 'seen' : 'settled',
    holdState: session.hold,
    postedMinor: session.postedMinor,
    postedTaxMinor: session.postedTaxMinor,
    disputedMinor: session.disputedMinor,
    disputeReference: session.disputeReference,
    decisions: session.decisions ?? record.decisions,
    energyWh: final?.energyWh ?? null,
    receiptCounter: final?.receiptCounter ?? null,
    offerExpiresAtS: answerDueS,
  }
}

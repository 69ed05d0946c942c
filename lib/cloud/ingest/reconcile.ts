/**
 * Takes verified evidence into the books, inside the caller's transaction: keeps the pieces, judges every session that
 * they touch from all that is known of it, posts the difference to what was posted before, and opens cases. Whoever
 * brings what, in whatever order and however often, the books end up the same.
 */

import { currencyCode, type GrantSerial, type SessionId } from '@/lib/core/ids'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { minorUnits } from '@/lib/core/units'
import { parseMessage } from '@/lib/protocol/message'
import { grant as grantMessage } from '@/lib/protocol/messages/grant'
import type { Transfer } from '../ledger/transfer'
import { checkChain, type ChainLink } from './chain-check'
import { evidenceKey, type Consent, type Evidence } from './evidence'
import { doubts, judge, type Judgement } from './judge'
import type { Reconciler } from './reconciler'
import { settle, type Books, type PostedSession, type Settlement } from './settle'
import { eventName, orphanSession } from './session-record'
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
  { clock }: Reconciler,
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
  const judgements = ids
    .filter((id) => held.get(id)?.isForgotten !== true)
    .map((id) => judge(known.get(id) ?? []))
    .filter((judgement) => judgement !== undefined)
  const books = await tx.lockBooks(serialsOf(judgements))
  const records = new Map(
    ids.map((id) => [id, touchedRecord(held.get(id) ?? orphanSession(id), brought.get(id) ?? [])]),
  )
  const transfers: Transfer[] = []
  const cases: NewCase[] = []
  for (const judgement of judgements) {
    const { sessionId: id, consent, final } = judgement
    const record = records.get(id) ?? orphanSession(id)
    const author = brought.get(id)?.at(-1)?.author ?? 'operator'
    const settlement = settle(postedSession(record, consent, books), final, books, author)
    transfers.push(...settlement.transfers)
    cases.push(...casesOf(judgement, known.get(id) ?? [], settlement))
    records.set(id, changedRecord(record, judgement, settlement))
  }
  const posted = await tx.post(transfers)
  if (!posted.ok) throw new Error(`Sessions cannot be posted: ${JSON.stringify(posted.error)}`)
  const written = [...records.values()]
  await tx.addSessions(
    written.filter(({ sessionId: id }) => !held.has(id)),
    nowS,
  )
  await tx.changeSessions(
    written.filter(({ sessionId: id }) => held.has(id)),
    nowS,
  )
  await tx.writeCovered(books)
  await tx.openCases([...cases, ...(await examineChains(tx, judgements))], nowS)
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
  const logged = new Map(
    [...record.logged, ...brought.flatMap(({ logged }) => logged ?? [])].map((event) => [
      eventName(event),
      event,
    ]),
  )
  return {
    ...record,
    byPhone: record.byPhone || brought.some(({ source }) => source === 'phone'),
    byCharger: record.byCharger || brought.some(({ source }) => source === 'charger'),
    logged: [...logged.values()],
  }
}

const serialsOf = (judgements: readonly Judgement[]): readonly GrantSerial[] =>
  [...new Set(judgements.map(({ consent }) => consent.grant.serial))].sort()

/** Each piece once, however often it came, in an order that depends on nothing but the pieces. */
function evidenceBySession(pieces: readonly Evidence[]): ReadonlyMap<SessionId, readonly Evidence[]> {
  const byKey = new Map(pieces.map((piece) => [evidenceKey(piece), piece]))
  const sessions = new Map<SessionId, Evidence[]>()
  for (const key of [...byKey.keys()].sort()) {
    const piece = byKey.get(key)
    if (piece === undefined) continue
    const ofSession = sessions.get(piece.sessionId)
    if (ofSession === undefined) sessions.set(piece.sessionId, [piece])
    else ofSession.push(piece)
  }
  return sessions
}

function postedSession(record: SessionRecord, consent: Consent, books: Books): PostedSession {
  const { serial, currency } = consent.grant
  const owner = books.reserves.get(serial)?.owner
  if (owner === undefined) throw new Error(`Grant ${serial} has no reserve`)
  return {
    sessionId: consent.sessionId,
    serial,
    owner,
    currency: currencyCode(currency),
    holdMinor: consent.authorization.holdMinor,
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
  { consent, charger, final }: Judgement,
  { session }: Settlement,
): SessionRecord {
  const { authorization, grant } = consent
  return {
    ...record,
    serial: grant.serial,
    owner: session.owner,
    seq: authorization.seq,
    previousHash: authorization.previous,
    grossMinor: authorization.grossMinor,
    holdMinor: authorization.holdMinor,
    currency: grant.currency,
    authorizedAtS: authorization.timeS,
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
  }
}

function casesOf(
  { sessionId: id, consent, charger, final, doubts: found }: Judgement,
  evidence: readonly Evidence[],
  { beyondReserveMinor }: Settlement,
): NewCase[] {
  if (found.length === 0 && beyondReserveMinor === 0) return []
  const about = {
    sessionId: id,
    serial: consent.grant.serial,
    ...(charger === undefined ? {} : { chargerId: charger.id }),
    evidence: evidence.flatMap(signedBytesOf),
  }
  // A decided case is opened anew when these change.
  const facts: Readonly<Record<string, number>> =
    final === undefined ? {} : { owedMinor: final.owedMinor, claimedMinor: final.claimedMinor }
  const cases: NewCase[] = found.map((doubt) => ({ ...about, kind: doubt, code: doubts[doubt], facts }))
  if (beyondReserveMinor > 0) {
    const facts = { beyondMinor: beyondReserveMinor }
    cases.push({ ...about, kind: 'beyond-reserve', code: 'wallet.cap', facts })
  }
  return cases
}

const signedBytesOf = (piece: Evidence): NewCase['evidence'] =>
  piece.kind === 'consent'
    ? [
        { label: 'authorization', bytes: piece.bytes },
        { label: 'grant', bytes: piece.grantBytes },
      ]
    : [
        { label: piece.kind, bytes: piece.bytes },
        { label: 'certificate', bytes: piece.certificateBytes },
        ...(piece.offerBytes === undefined ? [] : [{ label: 'offer', bytes: piece.offerBytes }]),
      ]

const chainFaultCodes = { fork: 'wallet.previous', chain: 'wallet.sums' } as const satisfies Record<
  string,
  ReasonCode
>

/** Looks at the whole chain of each grant that got news. A fork freezes the grant; what was signed is still owed. */
async function examineChains(
  tx: ReconcileTransaction,
  judgements: readonly Judgement[],
): Promise<readonly NewCase[]> {
  const consents = new Map(judgements.map(({ consent }) => [consent.grant.serial, consent]))
  if (consents.size === 0) return []
  const links = new Map<GrantSerial, ChainLink[]>()
  for (const link of await tx.chainLinks([...consents.keys()])) {
    const ofSerial = links.get(link.serial)
    if (ofSerial === undefined) links.set(link.serial, [link])
    else ofSerial.push(link)
  }
  const cases: NewCase[] = []
  for (const [serial, consent] of consents)
    cases.push(...(await examineChain(tx, consent, links.get(serial) ?? [])))
  return cases
}

async function examineChain(
  tx: ReconcileTransaction,
  { grant, grantBytes }: Consent,
  links: readonly ChainLink[],
): Promise<readonly NewCase[]> {
  const parsed = parseMessage(grantMessage, grantBytes)
  if (!parsed.ok) throw new Error(`Grant ${grant.serial} does not parse any more`)
  const faults = checkChain(links, parsed.value.hash)
  if (faults.length === 0) return []
  const evidence = evidenceBySession(
    await tx.loadEvidence([...new Set(faults.map((fault) => fault.sessionId))]),
  )
  if (faults.some(({ kind }) => kind === 'fork')) {
    await tx.revokeGrant(grant.serial, grant.notAfterS, 'fork')
  }
  return faults.map((fault): NewCase => {
    const pieces = (evidence.get(fault.sessionId) ?? []).filter(({ kind }) => kind === 'consent')
    return {
      kind: fault.kind,
      code: chainFaultCodes[fault.kind],
      sessionId: fault.sessionId,
      serial: fault.serial,
      facts: { seq: fault.seq },
      evidence: pieces.map(({ bytes }) => ({ label: 'authorization', bytes })),
    }
  })
}

/**
 * What a charger signs about an authorization: its answer, its status while charging, its receipt. Each is checked by
 * the certificate that came with the offer, or, where the charger's key was rotated in between, by another one that the
 * issuer signed for the same charger and whose time overlaps. Nothing that a charger signed is ever thrown away: where it contradicts
 * itself or the figures, both sides are kept and the session is marked for the operator (PROTOCOL.md, rules 5 and 9).
 */

import { equalBytes, type Bytes } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import { chargesExactly, recomputeBill } from '@/lib/policy/receipt-bill'
import {
  parseMessage,
  verifyMessage,
  type MessageType,
  type ParsedMessage,
  type VerifiedMessage,
} from '@/lib/protocol/message'
import { answer, type Answer } from '@/lib/protocol/messages/answer'
import type { ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { receipt, type Receipt } from '@/lib/protocol/messages/receipt'
import { status } from '@/lib/protocol/messages/status'
import { replaceEntry, type Chain, type ChainEntry, type Dispute, type EntryState } from './chain'
import { keepMessage, type KeptMessage } from './kept-message'

/** Contradictions of one charger that are kept; more prove nothing more. */
const piecesKeptMax = 4

export type Evidence = 'answer' | 'status' | 'receipt'

export interface EvidenceTaken {
  /** The very same list when these bytes were known before. */
  readonly chains: readonly Chain[]
  readonly entry: ChainEntry
}

interface Context {
  readonly nowS: EpochSeconds
  readonly verify: Verify
  /** Certificates beside those of the offers here; the issuer's signature on them was verified. */
  readonly certificates?: readonly KeptMessage<ChargerCertificate>[]
}

/** Takes a signed answer, status or receipt into the chain that it belongs to. */
export function takeEvidence(
  chains: readonly Chain[],
  evidence: Evidence,
  bytes: Bytes,
  context: Context,
): Result<EvidenceTaken, Refusal> {
  switch (evidence) {
    case 'answer':
      return take(chains, evidence, answer, bytes, context, withAnswer)
    case 'status':
      return take(chains, evidence, status, bytes, context, (entry, message) =>
        isNewer(message.payload, entry) ? { ...entry, status: message.payload } : entry,
      )
    case 'receipt':
      return take(chains, evidence, receipt, bytes, context, withReceipt)
  }
}

type Change<T> = (entry: ChainEntry, message: VerifiedMessage<T>, nowS: EpochSeconds) => ChainEntry

function take<T extends { readonly sessionId: string }>(
  chains: readonly Chain[],
  evidence: Evidence,
  type: MessageType<T>,
  bytes: Bytes,
  { nowS, verify, certificates = [] }: Context,
  change: Change<T>,
): Result<EvidenceTaken, Refusal> {
  const parsed = parseMessage(type, bytes)
  if (!parsed.ok) return err(refusal('code.damaged'))
  const { sessionId } = parsed.value.payload
  for (const chain of chains) {
    const entry = chain.entries.find((candidate) => candidate.sessionId === sessionId)
    if (entry === undefined || entry.state.kind === 'prepared') continue
    const made = verifyByCharger(parsed.value, entry, [...certificates, ...certificatesIn(chains)], verify)
    if (made === undefined) {
      return err(refusal(evidence === 'receipt' ? 'receipt.signature' : 'offer.signature'))
    }
    const after = change(entry, made.message, nowS)
    if (after === entry) return ok({ chains, entry })
    // A status settles nothing, so nobody has to check it again.
    const isProof = made.under !== entry.certificate && evidence !== 'status'
    const changed = isProof ? signedLater(after, made.under, bytes) : after
    const next = replaceEntry(chain, entry.sessionId, () => changed)
    return ok({ chains: chains.map((other) => (other === chain ? next : other)), entry: changed })
  }
  return err(refusal(evidence === 'receipt' ? 'receipt.session' : 'code.wrong-kind'))
}

/** The message, and the certificate of the key that signed it. The offer's own is nearly always the one. */
function verifyByCharger<T>(
  message: ParsedMessage<T>,
  { certificate: offered }: ChainEntry,
  others: readonly KeptMessage<ChargerCertificate>[],
  verify: Verify,
): { readonly message: VerifiedMessage<T>; readonly under: KeptMessage<ChargerCertificate> } | undefined {
  const direct = verifyMessage(message, offered.payload.key, verify)
  if (direct !== undefined) return { message: direct, under: offered }
  const tried = new Set<string>([offered.payload.key])
  for (const under of others) {
    if (tried.has(under.payload.key) || !isSameCharger(offered.payload, under.payload)) continue
    tried.add(under.payload.key)
    const verified = verifyMessage(message, under.payload.key, verify)
    if (verified !== undefined) return { message: verified, under }
  }
  return undefined
}

/** Overlapping: without that, a key that was given up long ago, or one that came much later, could speak as well. */
const isSameCharger = (left: ChargerCertificate, right: ChargerCertificate): boolean =>
  left.operator === right.operator &&
  left.chargerId === right.chargerId &&
  left.siteId === right.siteId &&
  left.notBeforeS <= right.notAfterS &&
  right.notBeforeS <= left.notAfterS

/** Each was verified when its offer was scanned. */
const certificatesIn = (chains: readonly Chain[]): readonly KeptMessage<ChargerCertificate>[] =>
  chains.flatMap(({ entries }) => entries.map(({ certificate }) => certificate))

const signedLater = (
  entry: ChainEntry,
  certificate: KeptMessage<ChargerCertificate>,
  piece: Bytes,
): ChainEntry => ({
  ...entry,
  later: {
    certificate,
    pieces: [...(entry.later?.pieces ?? []), piece].slice(-2 * piecesKeptMax),
  },
})

function withAnswer(entry: ChainEntry, message: VerifiedMessage<Answer>, nowS: EpochSeconds): ChainEntry {
  if (isKnown(entry.answers, message.bytes)) return entry
  const { verdict } = message.payload
  const kept = keepPiece(entry, 'answers', message.bytes)
  switch (entry.state.kind) {
    case 'prepared':
    case 'open':
      return { ...kept, state: answeredState(verdict, nowS) }
    case 'accepted':
      return verdict === 'accepted' ? kept : disputed(kept, 'contradiction')
    case 'declined':
      return verdict === entry.state.reason ? kept : disputed(kept, 'contradiction')
    case 'finished':
      return verdict === 'accepted' ? kept : disputed(kept, 'contradiction')
    case 'unused':
      // The hold is back for good: a late no says the same, a late yes is for people to look at.
      return verdict === 'accepted' ? disputed(kept, 'contradiction') : kept
  }
}

const answeredState = (verdict: 'accepted' | ReasonCode, atS: EpochSeconds): EntryState =>
  verdict === 'accepted' ? { kind: 'accepted', atS } : { kind: 'declined', reason: verdict, atS }

function withReceipt(entry: ChainEntry, message: VerifiedMessage<Receipt>, nowS: EpochSeconds): ChainEntry {
  if (isKnown(entry.receipts, message.bytes)) return entry
  const kept = keepPiece(entry, 'receipts', message.bytes)
  if (entry.state.kind === 'declined' || entry.state.kind === 'unused') return disputed(kept, 'contradiction')
  if (entry.state.kind === 'finished') {
    return entry.state.receipt.hash === message.hash ? kept : disputed(kept, 'second-receipt')
  }
  const { holdMinor } = entry.payload
  const { payload: offered } = entry.offer
  const bill = recomputeBill(message.payload, offered, holdMinor)
  const finished: ChainEntry = {
    ...kept,
    state: {
      kind: 'finished',
      receipt: keepMessage(message),
      atS: nowS,
      recomputedMinor: bill?.totalMinor ?? null,
    },
  }
  if (message.payload.totalMinor > holdMinor) return disputed(finished, 'exceeds-hold')
  return chargesExactly(message.payload, bill, offered.tariff) ? finished : disputed(finished, 'amount')
}

/** What a dispute is called when it is said to the driver. */
export const disputeReason = (dispute: Dispute): ReasonCode =>
  dispute === 'exceeds-hold' ? 'receipt.exceeds-hold' : 'receipt.amount'

const disputed = (entry: ChainEntry, dispute: Dispute): ChainEntry => ({
  ...entry,
  disputes: entry.disputes.includes(dispute) ? entry.disputes : [...entry.disputes, dispute],
  standing: 'case',
})

const isKnown = (pieces: readonly Bytes[], bytes: Bytes): boolean =>
  pieces.some((piece) => equalBytes(piece, bytes))

/** New evidence is news for the operator, unless it has posted the session or looks at it already. */
function keepPiece(entry: ChainEntry, name: 'answers' | 'receipts', bytes: Bytes): ChainEntry {
  const pieces = entry[name].length < piecesKeptMax ? [...entry[name], bytes] : entry[name]
  const standing = entry.standing === 'seen' ? 'saved' : entry.standing
  return { ...entry, [name]: pieces, standing }
}

/** A status is older when it tells of less time; the same one twice changes nothing. */
function isNewer(candidate: NonNullable<ChainEntry['status']>, entry: ChainEntry): boolean {
  const known = entry.status
  if (known === null) return true
  if (candidate.elapsedS !== known.elapsedS) return candidate.elapsedS > known.elapsedS
  return candidate.energyWh > known.energyWh
}

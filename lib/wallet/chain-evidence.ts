/**
 * What a charger signs about an authorization: its answer, its status while charging, its receipt. Each is checked by
 * the certificate that came with the offer. Nothing that a charger signed is ever thrown away: where it contradicts
 * itself or the figures, both sides are kept and the session is marked for the operator (PROTOCOL.md, rules 5 and 9).
 */

import { equalBytes, type Bytes } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import { chargesExactly, recomputeBill } from '@/lib/policy/receipt-bill'
import { parseMessage, verifyMessage, type MessageType, type VerifiedMessage } from '@/lib/protocol/message'
import { answer, type Answer } from '@/lib/protocol/messages/answer'
import { receipt, type Receipt } from '@/lib/protocol/messages/receipt'
import { status } from '@/lib/protocol/messages/status'
import { replaceEntry, type Chain, type ChainEntry, type Dispute, type EntryState } from './chain'
import { keepMessage } from './kept-message'

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
  { nowS, verify }: Context,
  change: Change<T>,
): Result<EvidenceTaken, Refusal> {
  const parsed = parseMessage(type, bytes)
  if (!parsed.ok) return err(refusal('code.damaged'))
  const { sessionId } = parsed.value.payload
  for (const chain of chains) {
    const entry = chain.entries.find((candidate) => candidate.sessionId === sessionId)
    if (entry === undefined || entry.state.kind === 'prepared') continue
    const verified = verifyMessage(parsed.value, entry.certificate.payload.key, verify)
    if (verified === undefined) {
      return err(refusal(evidence === 'receipt' ? 'receipt.signature' : 'offer.signature'))
    }
    const changed = change(entry, verified, nowS)
    if (changed === entry) return ok({ chains, entry })
    const next = replaceEntry(chain, entry.sessionId, () => changed)
    return ok({ chains: chains.map((other) => (other === chain ? next : other)), entry: changed })
  }
  return err(refusal(evidence === 'receipt' ? 'receipt.session' : 'code.wrong-kind'))
}

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

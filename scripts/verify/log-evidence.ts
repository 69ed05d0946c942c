/** The signed messages inside a log's events: consent of each session, and the receipts as one chain. */

import { messageHash, type MessageHash } from '@/lib/core/ids'
import { verifyWithNode } from '@/lib/crypto/node'
import type { EventOf, JournalEvent } from '@/lib/protocol/journal-event'
import { parseMessage, verifyMessage, type ParsedMessage } from '@/lib/protocol/message'
import { answer } from '@/lib/protocol/messages/answer'
import { authorization } from '@/lib/protocol/messages/authorization'
import type { ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { grant } from '@/lib/protocol/messages/grant'
import { offer } from '@/lib/protocol/messages/offer'
import { receipt, type Receipt } from '@/lib/protocol/messages/receipt'
import { openIssued } from '@/lib/protocol/trust'
import { checkReceiptProof } from '@/lib/policy/receipt-proof'
import type { KnownOperator } from './known-operators'
import type { CheckLine } from './printed-report'

export function evidenceChecks(
  events: readonly JournalEvent[],
  certificate: ParsedMessage<ChargerCertificate>,
  operators: readonly KnownOperator[],
): readonly CheckLine[] {
  const accepted = events.filter((event) => event.kind === 'accepted')
  const ended = events.filter((event) => event.kind === 'ended')
  return [
    tally(
      accepted.filter((event) => consented(event, certificate, operators)).length,
      accepted.length,
      'accepted sessions: the issuer signed the grant, the wallet the approval, the charger offer and answer',
    ),
    tally(
      soundReceipts(accepted, ended, certificate),
      ended.length,
      'receipts: signed, and meter and price give the amount',
    ),
    sessionsWithReceipt(events),
    tally(
      chainedReceipts(ended),
      ended.length,
      'receipts: numbered without a gap, each naming the one before',
    ),
  ]
}

const tally = (good: number, all: number, what: string): CheckLine => ({
  outcome: good === all ? 'passed' : 'failed',
  text: `${good} of ${all} ${what}.`,
})

function consented(
  event: EventOf<'accepted'>,
  certificate: ParsedMessage<ChargerCertificate>,
  operators: readonly KnownOperator[],
): boolean {
  const approved = parseMessage(authorization, event.authorization)
  const offered = parseMessage(offer, event.offer)
  const answered = parseMessage(answer, event.answer)
  const given = operators
    .map(({ trustList }) => openIssued(grant, event.grant, trustList, undefined, verifyWithNode))
    .find((opened) => opened !== undefined)
  if (!approved.ok || !offered.ok || !answered.ok || given === undefined) return false
  const { key } = certificate.payload
  return (
    approved.value.payload.grantHash === given.hash &&
    approved.value.payload.offerHash === offered.value.hash &&
    answered.value.payload.sessionId === approved.value.hash &&
    answered.value.payload.verdict === 'accepted' &&
    verifyMessage(approved.value, given.payload.deviceKey, verifyWithNode) !== undefined &&
    verifyMessage(offered.value, key, verifyWithNode) !== undefined &&
    verifyMessage(answered.value, key, verifyWithNode) !== undefined
  )
}

/** Receipts whose session began in this export are checked whole; of earlier ones only the signature can be. */
function soundReceipts(
  accepted: readonly EventOf<'accepted'>[],
  ended: readonly EventOf<'ended'>[],
  certificate: ParsedMessage<ChargerCertificate>,
): number {
  const sessions = new Map(
    accepted.flatMap((event) => {
      const approved = parseMessage(authorization, event.authorization)
      const offered = parseMessage(offer, event.offer)
      return approved.ok && offered.ok
        ? [[approved.value.hash as string, { authorization: approved.value, offer: offered.value }] as const]
        : []
    }),
  )
  return ended.filter((event) => {
    const billed = parseMessage(receipt, event.receipt)
    if (!billed.ok || billed.value.payload.sessionId !== event.sessionId) return false
    const session = sessions.get(event.sessionId)
    if (session === undefined) {
      return verifyMessage(billed.value, certificate.payload.key, verifyWithNode) !== undefined
    }
    const proof = { receipt: billed.value, certificate, ...session }
    return checkReceiptProof(proof, null, verifyWithNode).verdict.kind !== 'refused'
  }).length
}

/** A connector serves one session at a time, so a session that left no receipt is one that somebody took out. */
function sessionsWithReceipt(events: readonly JournalEvent[]): CheckLine {
  const open = new Map<number, string>()
  let lost = 0
  for (const event of events) {
    if (event.kind === 'accepted') {
      if (open.has(event.connectorId)) lost += 1
      const approved = parseMessage(authorization, event.authorization)
      if (approved.ok) open.set(event.connectorId, approved.value.hash)
    }
    if (event.kind === 'ended') {
      for (const [connectorId, session] of open) if (session === event.sessionId) open.delete(connectorId)
    }
  }
  return lost === 0
    ? { outcome: 'passed', text: 'No session began before the receipt of the one before it was written.' }
    : { outcome: 'failed', text: `${lost} sessions were followed by another without a receipt.` }
}

/** The first is taken at its word: an export may begin in the middle of a log. */
function chainedReceipts(ended: readonly EventOf<'ended'>[]): number {
  let before: { readonly hash: MessageHash; readonly payload: Receipt } | undefined
  let count = 0
  for (const event of ended) {
    const billed = parseMessage(receipt, event.receipt)
    if (!billed.ok) continue
    const { counter, previous } = billed.value.payload
    const follows =
      before === undefined
        ? counter > 1 || previous === messageHash('0'.repeat(32))
        : counter === before.payload.counter + 1 && previous === before.hash
    if (follows) count += 1
    before = billed.value
  }
  return count
}

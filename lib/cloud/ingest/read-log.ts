/**
 * The evidence in a charger's log. The wallet's signature on every authorization is verified; the charger's own words
 * (offer, answer, receipt) stand under the checkpoint that it signed over exactly these events, which replaces its
 * signature on each (PROTOCOL.md, rule 1). Whose offer it really was is looked at when two chargers claim one session.
 */

import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { decodeJournalEvent, type EventOf, type JournalEvent } from '@/lib/protocol/journal-event'
import { readMessage, type ReadMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { answer } from '@/lib/protocol/messages/answer'
import type { ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { offer, type Offer } from '@/lib/protocol/messages/offer'
import { receipt } from '@/lib/protocol/messages/receipt'
import { describeCharger, type AnswerEvidence, type ReceiptEvidence } from './evidence'

export type SessionEvent =
  EventOf<'accepted'> | EventOf<'declined'> | EventOf<'ended'> | EventOf<'bearer-accepted'>

export const isSessionEvent = (event: JournalEvent): event is SessionEvent =>
  event.kind === 'accepted' ||
  event.kind === 'declined' ||
  event.kind === 'ended' ||
  event.kind === 'bearer-accepted'

/** Undefined where nobody can read the bytes. */
export function readEvent(bytes: Uint8Array): JournalEvent | undefined {
  const decoded = decodeJournalEvent(bytes)
  return decoded.ok ? decoded.value : undefined
}

type Certificate = Pick<VerifiedMessage<ChargerCertificate>, 'payload' | 'bytes'>

type ReadOffer = Result<ReadMessage<Offer>, unknown>

/** A decline stands without its offer. */
export const offerOf = (event: EventOf<'accepted'> | EventOf<'declined'>): ReadOffer | undefined =>
  event.kind === 'accepted' ? readMessage(offer, event.offer) : undefined

/** `itsOffer` is what `offerOf` reads in the event. */
export function loggedAnswer(
  event: EventOf<'accepted'> | EventOf<'declined'>,
  certificate: Certificate,
  itsOffer: ReadOffer | undefined = offerOf(event),
): Result<AnswerEvidence, Refusal> {
  const message = readMessage(answer, event.answer)
  if (!message.ok || itsOffer?.ok === false) return err(refusal('code.damaged'))
  return ok({
    kind: 'answer',
    answer: message.value.payload,
    sessionId: message.value.payload.sessionId,
    hash: message.value.hash,
    bytes: message.value.bytes,
    offerHash: itsOffer?.value.hash,
    offer: itsOffer?.value.payload,
    offerBytes: itsOffer?.value.bytes,
    ...describeCharger(certificate),
  })
}

export function loggedReceipt(
  event: EventOf<'ended'>,
  itsOffer: ReadMessage<Offer>,
  certificate: Certificate,
): Result<ReceiptEvidence, Refusal> {
  const message = readMessage(receipt, event.receipt)
  if (!message.ok) return err(refusal('code.damaged'))
  return ok({
    kind: 'receipt',
    receipt: message.value.payload,
    sessionId: message.value.payload.sessionId,
    hash: message.value.hash,
    bytes: message.value.bytes,
    offerHash: itsOffer.hash,
    offer: itsOffer.payload,
    offerBytes: itsOffer.bytes,
    ...describeCharger(certificate),
  })
}

/** Names bytes as the key of a map. */
export const bytesName = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

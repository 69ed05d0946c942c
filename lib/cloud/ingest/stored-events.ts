/** Evidence read back from events of accepted logs. Everything in them was checked before the log took them. */

import type { Bytes } from '@/lib/core/bytes'
import { sessionId, type SessionId } from '@/lib/core/ids'
import type { Result } from '@/lib/core/result'
import { parseMessage, type ParsedMessage } from '@/lib/protocol/message'
import { authorization } from '@/lib/protocol/messages/authorization'
import { chargerCertificate, type ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { grant } from '@/lib/protocol/messages/grant'
import { offer, type Offer } from '@/lib/protocol/messages/offer'
import type { Consent, Evidence } from './evidence'
import { loggedBearer } from './read-bearer'
import { isSessionEvent, loggedAnswer, loggedReceipt, readEvent, type SessionEvent } from './read-log'

export interface StoredEvent {
  readonly sessionId: SessionId
  readonly bytes: Bytes
  readonly certificate: Bytes
}

/** Pieces about other sessions, and pieces that were refused when they came, are left out. */
export function evidenceOfEvents(
  events: readonly StoredEvent[],
  kept: readonly Evidence[],
): readonly Evidence[] {
  const read = events.flatMap(({ sessionId: id, bytes, certificate }) => {
    const event = readEvent(bytes)
    const itsCertificate = parseMessage(chargerCertificate, certificate)
    if (event === undefined || !isSessionEvent(event) || !itsCertificate.ok) return []
    return [{ id, event, certificate: itsCertificate.value }]
  })
  const offers = new Map<SessionId, Pick<ParsedMessage<Offer>, 'hash' | 'payload' | 'bytes'>>()
  for (const piece of kept) {
    if (piece.kind === 'consent' || piece.offer === undefined || piece.offerBytes === undefined) continue
    if (piece.offerHash !== undefined)
      offers.set(piece.sessionId, { hash: piece.offerHash, payload: piece.offer, bytes: piece.offerBytes })
  }
  for (const { id, event } of read) {
    const itsOffer = 'offer' in event ? parseMessage(offer, event.offer) : undefined
    if (itsOffer?.ok === true) offers.set(id, itsOffer.value)
  }
  return read.flatMap(({ id, event, certificate }) =>
    piecesOf(event, certificate, offers.get(id)).filter(({ sessionId: about }) => about === id),
  )
}

function piecesOf(
  event: SessionEvent,
  certificate: ParsedMessage<ChargerCertificate>,
  itsOffer: Pick<ParsedMessage<Offer>, 'hash' | 'payload' | 'bytes'> | undefined,
): readonly Evidence[] {
  if (event.kind === 'ended')
    return itsOffer === undefined ? [] : valueOf(loggedReceipt(event, itsOffer, certificate))
  if (event.kind === 'bearer-accepted') return valueOf(loggedBearer(event, certificate))
  return [...consentOf(event.authorization, event.grant), ...valueOf(loggedAnswer(event, certificate))]
}

const valueOf = <T>(result: Result<T, unknown>): readonly T[] => (result.ok ? [result.value] : [])

function consentOf(authorizationBytes: Uint8Array, grantBytes: Uint8Array): readonly Consent[] {
  const consent = parseMessage(authorization, authorizationBytes)
  const itsGrant = parseMessage(grant, grantBytes)
  if (!consent.ok || !itsGrant.ok) return []
  return [
    {
      kind: 'consent',
      sessionId: sessionId(consent.value.hash),
      hash: consent.value.hash,
      offerHash: consent.value.payload.offerHash,
      authorization: consent.value.payload,
      grant: itsGrant.value.payload,
      bytes: consent.value.bytes,
      grantBytes: itsGrant.value.bytes,
    },
  ]
}

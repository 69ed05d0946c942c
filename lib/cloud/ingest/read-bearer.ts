/**
 * A charger's own record of a card, as its log holds it. The record must bear the signature of a key that we certified
 * for this charger: unlike its other words it stands in the driver's place, so the checkpoint alone does not carry it.
 * Whether the card is one of ours is judged later, from the books.
 */

import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { sessionId } from '@/lib/core/ids'
import type { Verify } from '@/lib/crypto/signature'
import type { EventOf } from '@/lib/protocol/journal-event'
import { parseMessage, verifyMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { bearerRecord } from '@/lib/protocol/messages/bearer-record'
import { chargerCertificate, type ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { offer } from '@/lib/protocol/messages/offer'
import { voucher } from '@/lib/protocol/messages/voucher'
import { describeCharger, type BearerEvidence } from './evidence'

/** `certificates` are all that this charger has had; the first whose key fits the record speaks for it. */
export function readBearer(
  event: EventOf<'bearer-accepted'>,
  certificates: readonly Uint8Array[],
  verify: Verify,
): Result<BearerEvidence, Refusal> {
  const record = parseMessage(bearerRecord, event.record)
  if (!record.ok) return err(refusal('code.damaged'))
  for (const bytes of certificates) {
    const certificate = parseMessage(chargerCertificate, bytes)
    if (!certificate.ok) continue
    if (verifyMessage(record.value, certificate.value.payload.key, verify) !== undefined)
      return loggedBearer(event, certificate.value)
  }
  return err(refusal('receipt.signature'))
}

/** For events whose record held when they came. */
export function loggedBearer(
  event: EventOf<'bearer-accepted'>,
  certificate: Pick<VerifiedMessage<ChargerCertificate>, 'payload' | 'bytes'>,
): Result<BearerEvidence, Refusal> {
  const record = parseMessage(bearerRecord, event.record)
  const card = parseMessage(voucher, event.voucher)
  const itsOffer = parseMessage(offer, event.offer)
  if (!record.ok || !card.ok || !itsOffer.ok) return err(refusal('code.damaged'))
  if (record.value.payload.voucherHash !== card.value.hash) return err(refusal('voucher.signature'))
  return ok({
    kind: 'bearer',
    sessionId: sessionId(record.value.hash),
    hash: record.value.hash,
    bytes: record.value.bytes,
    record: record.value.payload,
    voucherBytes: card.value.bytes,
    siteId: certificate.payload.siteId,
    offerHash: itsOffer.value.hash,
    offer: itsOffer.value.payload,
    offerBytes: itsOffer.value.bytes,
    ...describeCharger(certificate),
  })
}

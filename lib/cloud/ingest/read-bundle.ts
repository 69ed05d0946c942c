/** A charger's bundle: whose it is, whether it holds together, and the evidence in its events. */

import type { Bytes } from '@/lib/core/bytes'
import type { CurrencyCode, SessionId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { decodeJournalEvent, type EventOf } from '@/lib/protocol/journal-event'
import { parseMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { chargerCertificate, type ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { openChargerCertificate } from '@/lib/protocol/trust'
import { decodeBundle, verifyBundle, type VerifiedBundle } from '@/lib/sync/bundle'
import { readAnswer, readConsentUnder, readReceipt, type Evidence, type EvidenceContext } from './evidence'
import { readOurGrant, type RefusedPiece } from './read-report'

export interface OpenedBundle {
  readonly bundle: VerifiedBundle
  readonly certificate: VerifiedMessage<ChargerCertificate>
}

/** `device.unknown` unless a charger of ours signed it, `device.checkpoint` unless it is whole. */
export function openBundle(bytes: Uint8Array, context: EvidenceContext): Result<OpenedBundle, Refusal> {
  const decoded = decodeBundle(bytes)
  if (!decoded.ok) return decoded
  const parsed = parseMessage(chargerCertificate, decoded.value.certificate)
  if (!parsed.ok) return err(refusal('device.unknown'))
  const { timeS, device } = decoded.value.checkpoint.payload
  const { notBeforeS, notAfterS } = parsed.value.payload
  // A charger that has lost its clock still signs; then its certificate must be good today.
  const atS = timeS >= notBeforeS && timeS <= notAfterS ? timeS : context.nowS
  const certificate = openChargerCertificate(parsed.value.bytes, context.trust, atS, context.verify)
  if (!certificate.ok || String(certificate.value.payload.chargerId) !== String(device)) {
    return err(refusal('device.unknown'))
  }
  const bundle = verifyBundle(decoded.value, certificate.value.payload.key, context.verify)
  return bundle.ok ? ok({ bundle: bundle.value, certificate: certificate.value }) : bundle
}

export interface ReadEvents {
  readonly evidence: readonly Evidence[]
  readonly refused: readonly RefusedPiece[]
  /** Receipts whose offer did not come in the same bundle. */
  readonly withoutOffer: readonly EventOf<'ended'>[]
}

/** `certificates` are all that the charger has had, newest first: an old session stands under an old key. */
export function readEvents(
  events: readonly Bytes[],
  certificates: readonly Bytes[],
  currency: CurrencyCode,
  context: EvidenceContext,
): ReadEvents {
  const evidence: Evidence[] = []
  const refused: RefusedPiece[] = []
  const withoutOffer: EventOf<'ended'>[] = []
  const offers = new Map<SessionId, Bytes>()
  const take = (what: string, bytes: Uint8Array, piece: Result<Evidence, Refusal>): Evidence | undefined => {
    if (piece.ok) evidence.push(piece.value)
    else refused.push({ what, code: piece.error.code, bytes: copy(bytes) })
    return piece.ok ? piece.value : undefined
  }
  for (const bytes of events) {
    const event = decodeJournalEvent(bytes)
    if (!event.ok) {
      refused.push({ what: 'event', code: 'api.malformed', bytes })
      continue
    }
    switch (event.value.kind) {
      case 'accepted': {
        const { authorization, grant, offer, answer } = event.value
        const consent = take(
          'authorization',
          authorization,
          readConsent(authorization, grant, currency, context),
        )
        if (consent !== undefined) offers.set(consent.sessionId, copy(offer))
        take(
          'answer',
          answer,
          underAny(certificates, (certificate) => readAnswer(answer, offer, certificate, context)),
        )
        break
      }
      case 'declined': {
        const { authorization, grant, answer } = event.value
        take('authorization', authorization, readConsent(authorization, grant, currency, context))
        const read = (certificate: Bytes) => readAnswer(answer, undefined, certificate, context)
        take('answer', answer, underAny(certificates, read))
        break
      }
      case 'ended': {
        const offer = offers.get(event.value.sessionId)
        if (offer === undefined) withoutOffer.push(event.value)
        else take('receipt', event.value.receipt, readEnded(event.value, offer, certificates, context))
        break
      }
      default:
        break
    }
  }
  return { evidence, refused, withoutOffer }
}

export const readEnded = (
  { receipt }: EventOf<'ended'>,
  offer: Bytes,
  certificates: readonly Bytes[],
  context: EvidenceContext,
): Result<Evidence, Refusal> =>
  underAny(certificates, (certificate) => readReceipt(receipt, offer, certificate, context))

function readConsent(
  authorization: Uint8Array,
  grantBytes: Uint8Array,
  currency: CurrencyCode,
  context: EvidenceContext,
): Result<Evidence, Refusal> {
  const grant = readOurGrant(copy(grantBytes), currency, context)
  return grant.ok ? readConsentUnder(authorization, grant.value, context) : grant
}

/** The first certificate under which it holds; the reason is that of the newest. */
function underAny<T>(
  certificates: readonly Bytes[],
  read: (certificate: Bytes) => Result<T, Refusal>,
): Result<T, Refusal> {
  let first: Result<T, Refusal> | undefined
  for (const certificate of certificates) {
    const outcome = read(certificate)
    if (outcome.ok) return outcome
    first ??= outcome
  }
  return first ?? err(refusal('device.unknown'))
}

const copy = (bytes: Uint8Array): Bytes => new Uint8Array(bytes)

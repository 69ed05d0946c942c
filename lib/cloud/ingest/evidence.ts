/**
 * What is known about a session, checked message by message. Consent is the wallet's authorization under a grant of
 * ours; answers and receipts are the charger's. Nothing here knows yet whether the pieces belong together: `judge.ts`
 * decides that, from the whole set, so that the order in which pieces arrive cannot matter.
 */

import type { Bytes } from '@/lib/core/bytes'
import { sessionId, type ChargerId, type MessageHash, type PublicKey, type SessionId } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { addSeconds, type EpochSeconds } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import {
  parseMessage,
  parseMessageInPlace,
  verifyMessage,
  type MessageType,
  type ParsedMessage,
  type VerifiedMessage,
} from '@/lib/protocol/message'
import { answer, type Answer } from '@/lib/protocol/messages/answer'
import { authorization, type Authorization } from '@/lib/protocol/messages/authorization'
import type { BearerRecord } from '@/lib/protocol/messages/bearer-record'
import type { ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { grant, type Grant } from '@/lib/protocol/messages/grant'
import { offer, type Offer } from '@/lib/protocol/messages/offer'
import { receipt, type Receipt } from '@/lib/protocol/messages/receipt'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { openChargerCertificate, verifyByIssuer } from '@/lib/protocol/trust'

export interface Consent {
  readonly kind: 'consent'
  readonly sessionId: SessionId
  readonly hash: MessageHash
  readonly offerHash: MessageHash
  readonly authorization: Authorization
  readonly grant: Grant
  readonly bytes: Bytes
  readonly grantBytes: Bytes
}

/** The charger that speaks, and the offer it speaks about where that came along. */
interface ChargerStatement {
  readonly sessionId: SessionId
  readonly hash: MessageHash
  /** Undefined where no offer came along. */
  readonly offerHash: MessageHash | undefined
  readonly chargerId: ChargerId
  readonly siteLabel: string
  readonly bayLabel: string
  readonly offer: Offer | undefined
  readonly bytes: Bytes
  readonly offerBytes: Bytes | undefined
  readonly certificateBytes: Bytes
}
export interface AnswerEvidence extends ChargerStatement {
  readonly kind: 'answer'
  readonly answer: Answer
}
export interface ReceiptEvidence extends ChargerStatement {
  readonly kind: 'receipt'
  readonly receipt: Receipt
  /** A receipt without its offer has no price and proves nothing. */
  readonly offerHash: MessageHash
  readonly offer: Offer
  readonly offerBytes: Bytes
}
/** The offer of an authorization that nobody has answered: says whose answer is missing, and until when it may come. */
export interface OfferEvidence extends ChargerStatement {
  readonly kind: 'offer'
  readonly offerHash: MessageHash
  readonly offer: Offer
  readonly offerBytes: Bytes
}
/** The charger's own record that it accepted a card: what stands where nobody could sign an authorization. */
export interface BearerEvidence extends ChargerStatement {
  readonly kind: 'bearer'
  readonly record: BearerRecord
  /** Where the charger stood, by its certificate: cards never roam. */
  readonly siteId: string
  readonly voucherBytes: Bytes
  readonly offerHash: MessageHash
  readonly offer: Offer
  readonly offerBytes: Bytes
}
export type Statement = AnswerEvidence | ReceiptEvidence | OfferEvidence | BearerEvidence
export type Evidence = Consent | Statement

export interface EvidenceContext {
  readonly trust: TrustList
  readonly verify: Verify
  /** The same verdict for keys that an issuer of ours has signed, without examining them once more. */
  readonly verifyVouched?: Verify | undefined
  readonly nowS: EpochSeconds
}

/** The issuer's key must have been valid when it issued; `notBeforeS` lies a little before that moment. */
export function readGrant(
  bytes: Uint8Array,
  context: EvidenceContext,
): Result<VerifiedMessage<Grant>, Refusal> {
  const parsed = parseMessage(grant, bytes)
  if (!parsed.ok) return err(refusal('code.damaged'))
  const issuedAtS = addSeconds(parsed.value.payload.notBeforeS, issueToleranceS)
  const verified = verifyByIssuer(parsed.value, context.trust, issuedAtS, context.verify)
  if (verified === undefined) return err(refusal('grant.signature'))
  return verified.payload.operator === context.trust.operator ? ok(verified) : err(refusal('grant.operator'))
}

const issueToleranceS = 600

/** The wallet's signature on the authorization, and that it names the grant. */
export function readConsentUnder(
  authorizationBytes: Uint8Array,
  signedGrant: Pick<VerifiedMessage<Grant>, 'payload' | 'hash' | 'bytes'>,
  context: Pick<EvidenceContext, 'verify'>,
): Result<Consent, Refusal> {
  const parsed = parseMessageInPlace(authorization, authorizationBytes)
  if (!parsed.ok) return err(refusal('code.damaged'))
  const message = parsed.value
  if (message.payload.grantHash !== signedGrant.hash) return err(refusal('grant.missing'))
  if (verifyMessage(message, signedGrant.payload.deviceKey, context.verify) === undefined) {
    return err(refusal('wallet.signature'))
  }
  return ok({
    kind: 'consent',
    sessionId: sessionId(message.hash),
    hash: message.hash,
    offerHash: message.payload.offerHash,
    authorization: message.payload,
    grant: signedGrant.payload,
    bytes: message.bytes,
    grantBytes: signedGrant.bytes,
  })
}

/**
 * An answer or a receipt with the offer and certificate that say which charger gave it. `others` are certificates of
 * which one may fit the offer: a charger may have got a new key between offer and receipt.
 */
export function readAnswer(
  answerBytes: Uint8Array,
  offerBytes: Uint8Array | undefined,
  certificateBytes: Uint8Array,
  context: EvidenceContext,
  others: readonly Uint8Array[] = [],
): Result<AnswerEvidence, Refusal> {
  const statement = readStatement(answer, answerBytes, offerBytes, certificateBytes, context, others)
  if (!statement.ok) return statement
  const { message, certificate, signedOffer } = statement.value
  return ok({
    kind: 'answer',
    answer: message.payload,
    sessionId: message.payload.sessionId,
    hash: message.hash,
    offerHash: signedOffer?.hash,
    offer: signedOffer?.payload,
    offerBytes: signedOffer?.bytes,
    bytes: message.bytes,
    ...describeCharger(certificate),
  })
}

export function readReceipt(
  receiptBytes: Uint8Array,
  offerBytes: Uint8Array,
  certificateBytes: Uint8Array,
  context: EvidenceContext,
  others: readonly Uint8Array[] = [],
): Result<ReceiptEvidence, Refusal> {
  const statement = readStatement(receipt, receiptBytes, offerBytes, certificateBytes, context, others)
  if (!statement.ok) return statement
  const { message, certificate, signedOffer } = statement.value
  if (signedOffer === undefined) return err(refusal('receipt.session'))
  return ok({
    kind: 'receipt',
    receipt: message.payload,
    sessionId: message.payload.sessionId,
    hash: message.hash,
    offerHash: signedOffer.hash,
    offer: signedOffer.payload,
    offerBytes: signedOffer.bytes,
    bytes: message.bytes,
    ...describeCharger(certificate),
  })
}

/** An offer beside the authorization that names it, with the certificate of the charger that made it. */
export function readOffer(
  offerBytes: Uint8Array,
  certificateBytes: Uint8Array,
  id: SessionId,
  context: EvidenceContext,
): Result<OfferEvidence, Refusal> {
  const parsed = parseMessage(offer, offerBytes)
  if (!parsed.ok) return err(refusal('code.damaged'))
  const { timeS, clockQuality } = parsed.value.payload
  const atS = clockQuality === 'synchronised' ? timeS : context.nowS
  const certificate = openChargerCertificate(certificateBytes, context.trust, atS, context.verify)
  if (!certificate.ok) return err(refusal(certificate.error))
  const message = verifyMessage(parsed.value, certificate.value.payload.key, context.verify)
  if (message === undefined) return err(refusal('offer.signature'))
  return ok({
    kind: 'offer',
    sessionId: id,
    hash: message.hash,
    offerHash: message.hash,
    offer: message.payload,
    offerBytes: message.bytes,
    bytes: message.bytes,
    ...describeCharger(certificate.value),
  })
}

interface ReadStatement<T> {
  readonly message: VerifiedMessage<T>
  readonly signedOffer: VerifiedMessage<Offer> | undefined
  readonly certificate: VerifiedMessage<ChargerCertificate>
}

/** One certified key must have signed the statement, and it or another one of the same charger the offer. */
function readStatement<T extends Answer | Receipt>(
  type: MessageType<T>,
  bytes: Uint8Array,
  offerBytes: Uint8Array | undefined,
  certificateBytes: Uint8Array,
  context: EvidenceContext,
  others: readonly Uint8Array[],
): Result<ReadStatement<T>, Refusal> {
  const parsed = parseMessage(type, bytes)
  const parsedOffer = offerBytes === undefined ? undefined : parseMessage(offer, offerBytes)
  if (!parsed.ok || parsedOffer?.ok === false) return err(refusal('code.damaged'))
  const atS = eventTime(parsed.value.payload, parsedOffer?.value.payload, context.nowS)
  const certificate = openChargerCertificate(certificateBytes, context.trust, atS, context.verify)
  if (!certificate.ok) return err(refusal(certificate.error))
  const key: PublicKey = certificate.value.payload.key
  const message = verifyMessage(parsed.value, key, context.verify)
  if (message === undefined) return err(refusal('receipt.signature'))
  if (parsedOffer === undefined)
    return ok({ message, signedOffer: undefined, certificate: certificate.value })
  const signedOffer =
    verifyMessage(parsedOffer.value, key, context.verify) ??
    verifyByOther(parsedOffer.value, certificate.value.payload.chargerId, others, context)
  if (signedOffer === undefined) return err(refusal('offer.signature'))
  return ok({ message, signedOffer, certificate: certificate.value })
}

function verifyByOther(
  message: ParsedMessage<Offer>,
  charger: ChargerId,
  certificates: readonly Uint8Array[],
  context: EvidenceContext,
): VerifiedMessage<Offer> | undefined {
  const { timeS, clockQuality } = message.payload
  const atS = clockQuality === 'synchronised' ? timeS : context.nowS
  for (const bytes of certificates) {
    const certificate = openChargerCertificate(bytes, context.trust, atS, context.verify)
    if (!certificate.ok || certificate.value.payload.chargerId !== charger) continue
    const verified = verifyMessage(message, certificate.value.payload.key, context.verify)
    if (verified !== undefined) return verified
  }
  return undefined
}

/**
 * When the charger made the statement, by its own clock; where that clock knew nothing, now: a certificate that is
 * still good cannot have been worse then.
 */
function eventTime(
  statement: Answer | Receipt,
  itsOffer: Offer | undefined,
  nowS: EpochSeconds,
): EpochSeconds {
  const quality = 'clockQuality' in statement ? statement.clockQuality : itsOffer?.clockQuality
  if (quality !== 'synchronised') return nowS
  return 'startS' in statement ? statement.startS : statement.timeS
}

export const describeCharger = ({
  payload,
  bytes,
}: Pick<VerifiedMessage<ChargerCertificate>, 'payload' | 'bytes'>): Pick<
  ChargerStatement,
  'chargerId' | 'siteLabel' | 'bayLabel' | 'certificateBytes'
> => ({
  chargerId: payload.chargerId,
  siteLabel: payload.siteLabel,
  bayLabel: payload.bayLabel,
  certificateBytes: bytes,
})

/**
 * The same answer with and without its offer are two pieces: only the first says whose offer it was. A bearer's record
 * does not name its offer: with another one it is another piece.
 */
export function pieceName(piece: Evidence): string {
  if (piece.kind === 'bearer') return `${piece.hash}+${piece.offerHash}`
  return piece.kind === 'answer' && piece.offer !== undefined ? `${piece.hash}+offer` : piece.hash
}

/** Names a piece among all evidence. */
export const evidenceKey = (piece: Evidence): string => `${piece.sessionId} ${piece.kind} ${pieceName(piece)}`

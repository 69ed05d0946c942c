/**
 * Is this receipt genuine? Everything that anybody can check without asking the operator: who signed it, that it
 * belongs to the offer and the driver's authorization that came with it, and that registers and price give its total.
 */

import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import type { MinorUnits } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import type { Envelope } from '@/lib/protocol/envelope'
import { parseMessage, verifyMessage, type ParsedMessage } from '@/lib/protocol/message'
import { authorization, type Authorization } from '@/lib/protocol/messages/authorization'
import { chargerCertificate, type ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { offer, type Offer } from '@/lib/protocol/messages/offer'
import { receipt, type Receipt } from '@/lib/protocol/messages/receipt'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { verifyByIssuer } from '@/lib/protocol/trust'
import type { Bill } from '@/lib/tariff/rate'
import { chargesExactly, recomputeBill } from './receipt-bill'

export interface ReceiptProof {
  readonly receipt: ParsedMessage<Receipt>
  readonly certificate: ParsedMessage<ChargerCertificate>
  readonly offer: ParsedMessage<Offer>
  readonly authorization: ParsedMessage<Authorization>
}

export type ProofVerdict =
  | { readonly kind: 'genuine' }
  /** Nothing contradicts itself, but nobody whom we trust vouches for the charger. */
  | { readonly kind: 'issuer-unknown' }
  | { readonly kind: 'refused'; readonly code: ReasonCode }

export interface ProofReport {
  readonly verdict: ProofVerdict
  readonly signatureIsRight: boolean
  /** By our own reckoning; null where the registers run backwards. */
  readonly recomputedMinor: MinorUnits | null
}

/** Takes the four parts apart. Well formed, but nothing is proved yet. */
export function openReceiptProof(envelope: Envelope): Result<ReceiptProof, ReasonCode> {
  if (envelope.kind !== 'receipt-proof') return err('code.wrong-kind')
  const [receiptBytes, certificateBytes, offerBytes, authorizationBytes] = envelope.parts
  const parts = {
    receipt: parseMessage(receipt, receiptBytes ?? nothing),
    certificate: parseMessage(chargerCertificate, certificateBytes ?? nothing),
    offer: parseMessage(offer, offerBytes ?? nothing),
    authorization: parseMessage(authorization, authorizationBytes ?? nothing),
  }
  if (!parts.receipt.ok || !parts.certificate.ok || !parts.offer.ok || !parts.authorization.ok) {
    return err('code.damaged')
  }
  return ok({
    receipt: parts.receipt.value,
    certificate: parts.certificate.value,
    offer: parts.offer.value,
    authorization: parts.authorization.value,
  })
}

const nothing = new Uint8Array()

/** `trust` is the operator's verified list of issuers, or null where none is known. */
export function checkReceiptProof(proof: ReceiptProof, trust: TrustList | null, verify: Verify): ProofReport {
  const bill = recomputeBill(
    proof.receipt.payload,
    proof.offer.payload.tariff,
    proof.authorization.payload.holdMinor,
  )
  const signatureIsRight = verifyMessage(proof.receipt, proof.certificate.payload.key, verify) !== undefined
  const code = firstFault(proof, signatureIsRight, bill, verify)
  return {
    verdict: code === undefined ? trustVerdict(proof, trust, verify) : { kind: 'refused', code },
    signatureIsRight,
    recomputedMinor: bill?.totalMinor ?? null,
  }
}

function firstFault(
  { receipt: { payload }, certificate, offer: offered, authorization: consent }: ReceiptProof,
  signatureIsRight: boolean,
  bill: Bill | undefined,
  verify: Verify,
): ReasonCode | undefined {
  if (!signatureIsRight) return 'receipt.signature'
  if (verifyMessage(offered, certificate.payload.key, verify) === undefined) return 'offer.signature'
  if (payload.sessionId !== consent.hash || consent.payload.offerHash !== offered.hash) {
    return 'receipt.session'
  }
  if (payload.totalMinor > consent.payload.holdMinor) return 'receipt.exceeds-hold'
  return chargesExactly(payload, bill, offered.payload.tariff) ? undefined : 'receipt.amount'
}

function trustVerdict(
  { receipt: { payload }, certificate }: ReceiptProof,
  trust: TrustList | null,
  verify: Verify,
): ProofVerdict {
  if (trust === null) return { kind: 'issuer-unknown' }
  // The certificate names the time for which it holds; the issuer's key may have been rotated since.
  const vouched = verifyByIssuer(certificate, trust, undefined, verify)
  if (vouched === undefined || vouched.payload.operator !== trust.operator) return { kind: 'issuer-unknown' }
  const { notBeforeS, notAfterS } = vouched.payload
  const isOutside = payload.startS < notBeforeS || payload.startS > notAfterS
  return payload.clockQuality === 'synchronised' && isOutside
    ? { kind: 'refused', code: 'offer.certificate' }
    : { kind: 'genuine' }
}

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
import { chargesExactly, recomputeBill } from './receipt-bill'

export interface ReceiptProof {
  readonly receipt: ParsedMessage<Receipt>
  readonly certificate: ParsedMessage<ChargerCertificate>
  readonly offer: ParsedMessage<Offer>
  readonly authorization: ParsedMessage<Authorization>
}

/** In the order in which they are told. */
export const proofChecks = [
  'receipt-signature',
  'offer-signature',
  'session',
  'hold',
  'amount',
  'issuer',
  'certificate-time',
] as const
export type ProofCheckName = (typeof proofChecks)[number]

/** What a failure of each check is called. */
const faults = {
  'receipt-signature': 'receipt.signature',
  'offer-signature': 'offer.signature',
  session: 'receipt.session',
  hold: 'receipt.exceeds-hold',
  amount: 'receipt.amount',
  issuer: 'receipt.issuer',
  'certificate-time': 'offer.certificate',
} as const satisfies Record<ProofCheckName, ReasonCode>

/** `open`: nothing speaks against it, but here and now nobody can tell. */
export type ProofOutcome = 'passed' | 'failed' | 'open'

export interface ProofCheck {
  readonly name: ProofCheckName
  readonly outcome: ProofOutcome
}

export type ProofVerdict =
  | { readonly kind: 'genuine' }
  /** Nothing contradicts itself, but nobody whom we trust vouches for the charger. */
  | { readonly kind: 'issuer-unknown' }
  | { readonly kind: 'refused'; readonly code: ReasonCode }

export interface ProofReport {
  /** `refused` names the first check that failed. */
  readonly verdict: ProofVerdict
  readonly checks: readonly ProofCheck[]
  readonly signatureIsRight: boolean
  /** By our own reckoning; null where there is none: registers that run backwards, a currency that nobody sells in. */
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

/**
 * `trust` is the operator's verified list of issuers, or null where none is known. The driver's own signature is no part
 * of it: the grant that names the driver's key stays with driver and operator, so that a shared receipt tells nobody who
 * charged. The charger's receipt names the authorization by its hash, which covers everything but that signature.
 */
export function checkReceiptProof(proof: ReceiptProof, trust: TrustList | null, verify: Verify): ProofReport {
  const { receipt: billed, certificate, offer: offered, authorization: consent } = proof
  const { key } = certificate.payload
  const bill = recomputeBill(billed.payload, offered.payload, consent.payload.holdMinor)
  const signatureIsRight = verifyMessage(billed, key, verify) !== undefined
  const vouching = vouchingOf(certificate, trust, verify)
  const outcomes: Record<ProofCheckName, ProofOutcome> = {
    'receipt-signature': passedIf(signatureIsRight),
    'offer-signature': passedIf(verifyMessage(offered, key, verify) !== undefined),
    session: passedIf(
      billed.payload.sessionId === consent.hash && consent.payload.offerHash === offered.hash,
    ),
    hold: passedIf(billed.payload.totalMinor <= consent.payload.holdMinor),
    amount: passedIf(chargesExactly(billed.payload, bill, offered.payload.tariff)),
    issuer: vouching,
    'certificate-time': timeOutcome(billed.payload, certificate.payload),
  }
  const checks = proofChecks.map((name) => ({ name, outcome: outcomes[name] }))
  const failed = checks.find(({ outcome }) => outcome === 'failed')
  return {
    verdict:
      failed !== undefined
        ? { kind: 'refused', code: faults[failed.name] }
        : { kind: vouching === 'passed' ? 'genuine' : 'issuer-unknown' },
    checks,
    signatureIsRight,
    recomputedMinor: bill?.totalMinor ?? null,
  }
}

const passedIf = (holds: boolean): ProofOutcome => (holds ? 'passed' : 'failed')

/** Never `failed`: whoever is unknown to us may be known to somebody else. */
function vouchingOf(
  certificate: ParsedMessage<ChargerCertificate>,
  trust: TrustList | null,
  verify: Verify,
): ProofOutcome {
  if (trust === null) return 'open'
  // The certificate names the time for which it holds; the issuer's key may have been rotated since.
  const vouched = verifyByIssuer(certificate, trust, undefined, verify)
  return vouched !== undefined && vouched.payload.operator === trust.operator ? 'passed' : 'open'
}

/** A charger that was unsure of the time cannot be held to it. */
function timeOutcome({ startS, clockQuality }: Receipt, certificate: ChargerCertificate): ProofOutcome {
  if (startS >= certificate.notBeforeS && startS <= certificate.notAfterS) return 'passed'
  return clockQuality === 'synchronised' ? 'failed' : 'open'
}

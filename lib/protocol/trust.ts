/** From the pinned root to the key that signed a message: root → trust list → issuer → charger certificate. */

import type { PublicKey } from '@/lib/core/ids'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import {
  parseMessage,
  verifyMessage,
  type MessageType,
  type ParsedMessage,
  type VerifiedMessage,
} from './message'
import { chargerCertificate, type ChargerCertificate } from './messages/charger-certificate'
import { trustList, type TrustList } from './messages/trust-list'

/** The root's list, checked. Undefined when it is malformed or not the root's. */
export function openTrustList(
  bytes: Uint8Array,
  root: PublicKey,
  verify: Verify,
): VerifiedMessage<TrustList> | undefined {
  const parsed = parseMessage(trustList, bytes)
  return parsed.ok ? verifyMessage(parsed.value, root, verify) : undefined
}

/**
 * Checks that some trusted issuer signed `message`. `atS` is the time at which the issuer's key must be valid, or
 * undefined where the clock is unknown, which leaves only the signature.
 */
export function verifyByIssuer<T>(
  message: ParsedMessage<T>,
  trust: TrustList,
  atS: EpochSeconds | undefined,
  verify: Verify,
): VerifiedMessage<T> | undefined {
  for (const issuer of trust.issuers) {
    if (atS !== undefined && (atS < issuer.notBeforeS || atS > issuer.notAfterS)) continue
    const verified = verifyMessage(message, issuer.key, verify)
    if (verified !== undefined) return verified
  }
  return undefined
}

/** Parses and verifies an issuer's message in one step. */
export function openIssued<T>(
  type: MessageType<T>,
  bytes: Uint8Array,
  trust: TrustList,
  atS: EpochSeconds | undefined,
  verify: Verify,
): VerifiedMessage<T> | undefined {
  const parsed = parseMessage(type, bytes)
  return parsed.ok ? verifyByIssuer(parsed.value, trust, atS, verify) : undefined
}

/** A charger's certificate as a phone or the cloud must check it before it believes the charger's signature. */
export function openChargerCertificate(
  bytes: Uint8Array,
  trust: TrustList,
  atS: EpochSeconds,
  verify: Verify,
): Result<VerifiedMessage<ChargerCertificate>, ReasonCode> {
  const certificate = openIssued(chargerCertificate, bytes, trust, undefined, verify)
  if (certificate === undefined) return err('offer.certificate')
  const { operator, notBeforeS, notAfterS } = certificate.payload
  if (operator !== trust.operator) return err('offer.operator')
  return atS < notBeforeS || atS > notAfterS ? err('offer.certificate') : ok(certificate)
}

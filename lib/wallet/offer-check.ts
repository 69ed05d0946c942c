/**
 * Is this code an offer of a charger that the operator vouches for? Everything that a phone can know without a network
 * is checked here, before the driver is asked anything. Whether it still stands is asked apart, because what was
 * approved in time is shown again even after that.
 */

import { minorUnitExponent } from '@/lib/core/currency'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { addSeconds, epochSeconds, type EpochSeconds } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import type { Envelope } from '@/lib/protocol/envelope'
import { parseMessage, verifyMessage } from '@/lib/protocol/message'
import { certificateSerial } from '@/lib/protocol/messages/charger-certificate'
import { offer, type Offer } from '@/lib/protocol/messages/offer'
import { openChargerCertificate } from '@/lib/protocol/trust'
import type { CheckedOffer } from './chain'
import { keepMessage } from './kept-message'
import { isRevoked, type TrustState } from './trust-state'

/**
 * How far the clocks of phone and charger may lie apart before the phone looks closer. The charger's own monotonic
 * timer decides in the end; this only spares the driver a refusal that is certain.
 */
const clockToleranceS = 120

export function checkOffer(
  envelope: Envelope,
  trust: TrustState,
  nowS: EpochSeconds,
  verify: Verify,
): Result<CheckedOffer, Refusal> {
  const [offerBytes, certificateBytes] = envelope.parts
  if (envelope.kind !== 'offer' || offerBytes === undefined || certificateBytes === undefined) {
    return err(refusal('code.wrong-kind'))
  }
  const parsed = parseMessage(offer, offerBytes)
  if (!parsed.ok) return err(refusal('code.damaged'))
  const certificate = openChargerCertificate(certificateBytes, trust.trustList.payload, nowS, verify)
  if (!certificate.ok) return err(refusal(certificate.error))
  if (isRevoked(trust, certificateSerial(certificate.value.hash))) return err(refusal('offer.revoked'))
  const verified = verifyMessage(parsed.value, certificate.value.payload.key, verify)
  if (verified === undefined) return err(refusal('offer.signature'))
  if (minorUnitExponent(verified.payload.tariff.currency) === undefined) {
    return err(refusal('offer.currency', { currency: verified.payload.tariff.currency }))
  }
  return ok({ offer: keepMessage(verified), certificate: keepMessage(certificate.value) })
}

/** By a time that is proven or measured. A charger that does not know the time says nothing that could be checked. */
export const isCertainlyExpired = (
  { clockQuality, timeS, timeToLiveS }: Offer,
  nowS: EpochSeconds,
): boolean => clockQuality === 'synchronised' && nowS > addSeconds(timeS, timeToLiveS + clockToleranceS)

/**
 * How far this phone's clock runs ahead of the charger's, by a code that was read just now; 0 where they agree. Such a
 * code is old, or the clock is wrong, and without a network nobody at the bay can tell which: the charger refuses an old
 * one, at no cost (ADR 0036). From then on this phone's clock serves as a stopwatch from the charger's time.
 */
export const clockAheadS = (offered: Offer, nowS: EpochSeconds): number =>
  isCertainlyExpired(offered, nowS) ? nowS - offered.timeS : 0

/** The time by which an offer is judged: the charger's where this phone's clock is ahead, and never before what is proven. */
export const judgedAtS = (nowS: EpochSeconds, aheadS: number, provenS: EpochSeconds): EpochSeconds =>
  epochSeconds(Math.max(nowS - aheadS, provenS))

/** A fresh offer for one connector, signed. */

import { toHex } from '@/lib/core/bytes'
import type { Random } from '@/lib/core/clock'
import { nonce } from '@/lib/core/ids'
import type { Signer } from '@/lib/crypto/signature'
import { signMessage, type VerifiedMessage } from '@/lib/protocol/message'
import type { ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import type { TariffChange } from '@/lib/protocol/messages/compact-tariff'
import { offer } from '@/lib/protocol/messages/offer'
import type { Policy } from '@/lib/protocol/messages/policy'
import type { Now } from '../session/connector-state'
import type { KnownOffer } from '../session/offer-book'

/** Bit 0 of `roads`: the cloud answered the last time that it was asked. Bit 2: a phone's code may bring news. */
const directLink = 1
const byPhone = 4

export interface OfferFacts {
  readonly connectorId: number
  readonly policy: Policy
  readonly tariffChange: TariffChange | undefined
  /** The offer is signed by its key and shown beside it. */
  readonly certificate: VerifiedMessage<ChargerCertificate>
  readonly revocationEpoch: number
  readonly isOnline: boolean
}

/**
 * The next policy's rates, where they can begin within a session on this offer and are all that differs (rules of
 * money 8). Any other change of price waits for the next offer. With the time unknown nothing timed is sold.
 */
export function announcedChange(
  policy: Policy,
  next: Policy | undefined,
  { timeS, clockQuality }: Now,
): TariffChange | undefined {
  if (next === undefined || clockQuality === 'unknown') return undefined
  const { tariff, offerTimeToLiveS, sessionDurationMaxS } = policy
  const lastEndS = timeS + offerTimeToLiveS + sessionDurationMaxS
  if (next.notBeforeS <= timeS || next.notBeforeS >= lastEndS) return undefined
  const { energyPerKwh, timePerMinute, idlePerMinute, ...fixed } = next.tariff
  const isSameElse =
    fixed.currency === tariff.currency &&
    fixed.perSession === tariff.perSession &&
    fixed.idleGraceMinutes === tariff.idleGraceMinutes &&
    fixed.taxBasisPoints === tariff.taxBasisPoints
  const isSameRates =
    energyPerKwh === tariff.energyPerKwh &&
    timePerMinute === tariff.timePerMinute &&
    idlePerMinute === tariff.idlePerMinute
  if (!isSameElse || isSameRates) return undefined
  return { atS: next.notBeforeS, energyPerKwh, timePerMinute, idlePerMinute }
}

export async function signOffer(
  { connectorId, policy, tariffChange, certificate, revocationEpoch, isOnline }: OfferFacts,
  now: Now,
  signer: Signer,
  random: Random,
): Promise<KnownOffer> {
  const signed = await signMessage(
    offer,
    {
      nonce: nonce(toHex(random.bytes(8))),
      connectorId,
      timeS: now.timeS,
      clockQuality: now.clockQuality,
      timeToLiveS: policy.offerTimeToLiveS,
      tariff: policy.tariff,
      maximumHoldMinor: policy.maximumHoldMinor,
      revocationEpoch,
      policySequence: policy.sequence,
      roads: (isOnline ? directLink : 0) + byPhone,
      ...(tariffChange === undefined ? {} : { tariffChange }),
    },
    signer,
  )
  return {
    hash: signed.hash,
    bytes: signed.bytes,
    payload: signed.payload,
    policy,
    certificate: certificate.bytes,
    key: signer.publicKey,
    expiresAtMs: now.monotonicMs + policy.offerTimeToLiveS * 1_000,
    state: 'open',
  }
}

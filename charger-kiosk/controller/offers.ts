/** A fresh offer for one connector, signed. */

import { toHex } from '@/lib/core/bytes'
import type { Random } from '@/lib/core/clock'
import { nonce } from '@/lib/core/ids'
import type { Signer } from '@/lib/crypto/signature'
import { signMessage, type VerifiedMessage } from '@/lib/protocol/message'
import type { ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { offer, powerStepsOf, siteReserveHere } from '@/lib/protocol/messages/offer'
import type { Policy } from '@/lib/protocol/messages/policy'
import type { Now } from '../session/connector-state'
import type { KnownOffer } from '../session/offer-book'
import type { Prices } from './policy-in-force'

/** Bit 0 of `roads`: the cloud answered the last time that it was asked. Bit 2: a phone's code may bring news. */
const directLink = 1
const byPhone = 4

export interface OfferFacts {
  readonly connectorId: number
  readonly policy: Policy
  /** Of this hour. */
  readonly prices: Prices
  /** The offer is signed by its key and shown beside it. */
  readonly certificate: VerifiedMessage<ChargerCertificate>
  readonly revocationEpoch: number
  readonly isOnline: boolean
  /** The site's gateway holds reserves now. */
  readonly hasSiteReserve: boolean
  /** As configured; 0 where nothing is. */
  readonly bayPowerW: number
}

export async function signOffer(
  {
    connectorId,
    policy,
    prices,
    certificate,
    revocationEpoch,
    isOnline,
    hasSiteReserve,
    bayPowerW,
  }: OfferFacts,
  now: Now,
  signer: Signer,
  random: Random,
): Promise<KnownOffer> {
  const bayPowerSteps = powerStepsOf(bayPowerW)
  const signed = await signMessage(
    offer,
    {
      nonce: nonce(toHex(random.bytes(8))),
      connectorId,
      timeS: now.timeS,
      clockQuality: now.clockQuality,
      timeToLiveS: policy.offerTimeToLiveS,
      tariff: prices.tariff,
      maximumHoldMinor: policy.maximumHoldMinor,
      revocationEpoch,
      policySequence: policy.sequence,
      roads: (isOnline ? directLink : 0) + byPhone + (hasSiteReserve ? siteReserveHere : 0),
      ...(prices.tariffChange === undefined ? {} : { tariffChange: prices.tariffChange }),
      ...(bayPowerSteps === undefined ? {} : { bayPowerSteps }),
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

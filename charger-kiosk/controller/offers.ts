/** A fresh offer for one connector, signed. */

import { toHex } from '@/lib/core/bytes'
import type { Random } from '@/lib/core/clock'
import { nonce } from '@/lib/core/ids'
import type { Signer } from '@/lib/crypto/signature'
import { signMessage } from '@/lib/protocol/message'
import { offer } from '@/lib/protocol/messages/offer'
import type { Policy } from '@/lib/protocol/messages/policy'
import type { Now } from '../session/connector-state'
import type { KnownOffer } from '../session/offer-book'

/** Bit 0 of `roads`: the cloud answered the last time that it was asked. */
const directLink = 1

export interface OfferFacts {
  readonly connectorId: number
  readonly policy: Policy
  readonly revocationEpoch: number
  readonly isOnline: boolean
}

export async function signOffer(
  { connectorId, policy, revocationEpoch, isOnline }: OfferFacts,
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
      roads: isOnline ? directLink : 0,
    },
    signer,
  )
  return {
    hash: signed.hash,
    bytes: signed.bytes,
    payload: signed.payload,
    policy,
    expiresAtMs: now.monotonicMs + policy.offerTimeToLiveS * 1_000,
    state: 'open',
  }
}

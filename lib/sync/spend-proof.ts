/**
 * One spend as anybody can check it: the grant that an issuer signed, the authorization that its wallet signed, and, once
 * it is over, what came of it, signed by the charger whose offer it was. Whoever passes it on need not be trusted.
 */

import type { GrantSerial, MessageHash, SiteId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import { at, bytesUpTo, optional, struct, type PayloadOf } from '@/lib/protocol/fields'
import { parseMessage, verifyMessage } from '@/lib/protocol/message'
import { answer } from '@/lib/protocol/messages/answer'
import { authorization } from '@/lib/protocol/messages/authorization'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { grant } from '@/lib/protocol/messages/grant'
import { offer } from '@/lib/protocol/messages/offer'
import { receipt } from '@/lib/protocol/messages/receipt'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { openIssued } from '@/lib/protocol/trust'
import type { Spend } from './spent-list'

const message = bytesUpTo(limits.messageBytesMax)

const releaseField = struct({
  certificate: at(1, message),
  offer: at(2, message),
  /** The receipt, or the answer that declines. */
  verdict: at(3, message),
})

/** On the wire and on disks. */
export const spendProofField = struct({
  grant: at(1, message),
  authorization: at(2, message),
  release: optional(3, releaseField),
})

export type SpendProof = PayloadOf<typeof spendProofField>
export type SpendRelease = PayloadOf<typeof releaseField>

/** Only `verifySpendProof` makes one. */
export interface ProvenSpend extends Spend {
  readonly serial: GrantSerial
  readonly grantHash: MessageHash
  readonly previous: MessageHash
  readonly holdMinor: MinorUnits
  readonly capMinor: MinorUnits
  readonly notAfterS: EpochSeconds
  /** Empty: roaming. */
  readonly sites: readonly SiteId[]
  /** What its release left of the hold: the bill, or nothing. Undefined while all of it is held. */
  readonly billedMinor: MinorUnits | undefined
  readonly proof: SpendProof
}

/** Which part of the proof nobody vouches for. */
export type ProofFault = 'damaged' | 'grant' | 'wallet' | 'release'

export function verifySpendProof(
  proof: SpendProof,
  trust: TrustList,
  verify: Verify,
): Result<ProvenSpend, ProofFault> {
  const granted = openIssued(grant, proof.grant, trust, undefined, verify)
  const parsed = parseMessage(authorization, proof.authorization)
  if (!parsed.ok) return err('damaged')
  if (granted === undefined || granted.payload.operator !== trust.operator) return err('grant')
  const consented = verifyMessage(parsed.value, granted.payload.deviceKey, verify)
  if (consented === undefined || consented.payload.grantHash !== granted.hash) return err('wallet')
  const { seq, grossMinor, releasedMinor, holdMinor, previous, offerHash } = consented.payload
  const { serial, capMinor, notAfterS, sites, spendsMax } = granted.payload
  // Beyond what the issuer allows no charger accepts anything; it must not fill anybody's disk.
  if (seq < 1 || seq > spendsMax) return err('wallet')
  const { hash } = consented
  let billedMinor: MinorUnits | undefined
  if (proof.release !== undefined) {
    billedMinor = billedBy(proof.release, { hash, offerHash }, trust, verify)
    if (billedMinor === undefined || billedMinor > holdMinor) return err('release')
  }
  const chain = { seq, hash, grossMinor, releasedMinor, holdMinor, previous, grantHash: granted.hash }
  return ok({ ...chain, serial, capMinor, notAfterS, sites, billedMinor, proof })
}

/** By the charger that made the offer alone. */
function billedBy(
  release: SpendRelease,
  spend: { readonly hash: MessageHash; readonly offerHash: MessageHash },
  trust: TrustList,
  verify: Verify,
): MinorUnits | undefined {
  const certificate = openIssued(chargerCertificate, release.certificate, trust, undefined, verify)
  if (certificate === undefined || certificate.payload.operator !== trust.operator) return undefined
  const { key } = certificate.payload
  const offered = parseMessage(offer, release.offer)
  if (!offered.ok || offered.value.hash !== spend.offerHash) return undefined
  if (verifyMessage(offered.value, key, verify) === undefined) return undefined
  const billed = parseMessage(receipt, release.verdict)
  if (billed.ok) {
    const signed = verifyMessage(billed.value, key, verify)
    return signed?.payload.sessionId === spend.hash ? signed.payload.totalMinor : undefined
  }
  const declined = parseMessage(answer, release.verdict)
  const signed = declined.ok ? verifyMessage(declined.value, key, verify) : undefined
  return signed?.payload.sessionId === spend.hash && signed.payload.verdict !== 'accepted'
    ? minorUnits(0)
    : undefined
}

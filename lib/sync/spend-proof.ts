/**
 * One spend as anybody can check it: the grant that an issuer signed, the authorization that its wallet signed, and, once
 * it is over, what came of it, signed by the charger whose offer it was. Whoever passes it on need not be trusted.
 */

import { toBytes } from '@/lib/core/bytes'
import type { GrantSerial, MessageHash, PublicKey, SiteId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits, type EpochSeconds, type MinorUnits } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import { at, bytesUpTo, optional, struct, type PayloadOf } from '@/lib/protocol/fields'
import { parseMessage, verifyMessage } from '@/lib/protocol/message'
import { answer } from '@/lib/protocol/messages/answer'
import { authorization } from '@/lib/protocol/messages/authorization'
import { certificateSerial, chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
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

/** @param isRevoked of the certificate of whoever says that it is over: with a stolen charger's key nothing is freed. */
export function verifySpendProof(
  proof: SpendProof,
  trust: TrustList,
  verify: Verify,
  isRevoked: (serial: GrantSerial) => boolean = () => false,
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
  const over = proof.release && openRelease(proof.release, { hash, offerHash }, trust, verify)
  if (proof.release !== undefined && (over === undefined || over.billedMinor > holdMinor))
    return err('release')
  if (over !== undefined && isRevoked(over.serial)) return err('release')
  // Copies: what came may be a piece of something much larger.
  const own: SpendProof = {
    grant: granted.bytes,
    authorization: consented.bytes,
    ...(over === undefined ? {} : { release: over.release }),
  }
  const chain = { seq, hash, grossMinor, releasedMinor, holdMinor, previous, grantHash: granted.hash }
  return ok({ ...chain, serial, capMinor, notAfterS, sites, billedMinor: over?.billedMinor, proof: own })
}

interface OpenedRelease {
  readonly billedMinor: MinorUnits
  /** Of the certificate. */
  readonly serial: GrantSerial
  readonly release: SpendRelease
}

/** By the charger that made the offer alone. */
function openRelease(
  shown: SpendRelease,
  spend: { readonly hash: MessageHash; readonly offerHash: MessageHash },
  trust: TrustList,
  verify: Verify,
): OpenedRelease | undefined {
  const certificate = openIssued(chargerCertificate, shown.certificate, trust, undefined, verify)
  if (certificate === undefined || certificate.payload.operator !== trust.operator) return undefined
  const { key } = certificate.payload
  const offered = parseMessage(offer, shown.offer)
  if (!offered.ok || offered.value.hash !== spend.offerHash) return undefined
  if (verifyMessage(offered.value, key, verify) === undefined) return undefined
  const billedMinor = billedBy(shown.verdict, spend.hash, key, verify)
  if (billedMinor === undefined) return undefined
  const { bytes, hash } = certificate
  return {
    billedMinor,
    serial: certificateSerial(hash),
    release: { certificate: bytes, offer: offered.value.bytes, verdict: toBytes(shown.verdict) },
  }
}

/** By a receipt, or nothing by an answer that declines. */
function billedBy(
  verdict: Uint8Array,
  hash: MessageHash,
  key: PublicKey,
  verify: Verify,
): MinorUnits | undefined {
  const billed = parseMessage(receipt, verdict)
  if (billed.ok) {
    const signed = verifyMessage(billed.value, key, verify)
    return signed?.payload.sessionId === hash ? signed.payload.totalMinor : undefined
  }
  const declined = parseMessage(answer, verdict)
  const signed = declined.ok ? verifyMessage(declined.value, key, verify) : undefined
  return signed?.payload.sessionId === hash && signed.payload.verdict !== 'accepted'
    ? minorUnits(0)
    : undefined
}

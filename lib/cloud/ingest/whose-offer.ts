/**
 * Who made the offer, when several chargers claim one session. A charger's log vouches for what the charger says, not
 * for what another one signed: a charger that got hold of somebody's authorization could bill it as its own. Only
 * then the signatures on the offer are looked at, and whoever did not make it is left out.
 */

import type { ChargerId } from '@/lib/core/ids'
import type { Verify } from '@/lib/crypto/signature'
import { parseMessage, verifyMessage } from '@/lib/protocol/message'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { offer } from '@/lib/protocol/messages/offer'
import type { Evidence, Statement } from './evidence'

export interface Attributed {
  readonly evidence: readonly Evidence[]
  /** Somebody claimed what another one had offered. */
  readonly isContested: boolean
  /** Several signed the very same offer: its hash holds no key, so the wallet consented to each of them alike. */
  readonly hasSeveralMakers: boolean
}

export function attributeOffer(evidence: readonly Evidence[], verify: Verify): Attributed {
  if (haveOneMaker(evidence)) return { evidence, isContested: false, hasSeveralMakers: false }
  const consent = evidence.find(({ kind }) => kind === 'consent')
  const claims = evidence.filter(
    (piece): piece is Statement =>
      piece.kind !== 'consent' && piece.offerHash !== undefined && piece.offerHash === consent?.offerHash,
  )
  const claimants = new Set(claims.map(({ chargerId }) => chargerId))
  if (claimants.size < 2) return { evidence, isContested: false, hasSeveralMakers: false }
  const makers = new Set<ChargerId>(
    claims.filter((claim) => isMaker(claim, verify)).map(({ chargerId }) => chargerId),
  )
  const isFalse = (piece: Evidence): boolean =>
    piece.kind !== 'consent' && claimants.has(piece.chargerId) && !makers.has(piece.chargerId)
  const own = evidence.filter((piece) => !isFalse(piece))
  return { evidence: own, isContested: true, hasSeveralMakers: makers.size > 1 }
}

/** Nearly all evidence is one charger's. */
function haveOneMaker(evidence: readonly Evidence[]): boolean {
  const first = evidence.find((piece) => piece.kind !== 'consent')?.chargerId
  return evidence.every((piece) => piece.kind === 'consent' || piece.chargerId === first)
}

function isMaker({ offerBytes, certificateBytes }: Statement, verify: Verify): boolean {
  const signed = offerBytes === undefined ? undefined : parseMessage(offer, offerBytes)
  const certificate = parseMessage(chargerCertificate, certificateBytes)
  if (signed?.ok !== true || !certificate.ok) return false
  return verifyMessage(signed.value, certificate.value.payload.key, verify) !== undefined
}

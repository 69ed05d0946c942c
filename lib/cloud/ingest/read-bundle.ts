/** A charger's bundle: whose it is, and whether it holds together. */

import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { assert } from '@/lib/core/assert'
import { parseMessage, verifyMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { chargerCertificate, type ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { openChargerCertificate } from '@/lib/protocol/trust'
import { decodeBundle, verifyBundle, type VerifiedBundle } from '@/lib/sync/bundle'
import type { EvidenceContext } from './evidence'

export interface OpenedBundle {
  readonly bundle: VerifiedBundle
  readonly certificate: VerifiedMessage<ChargerCertificate>
}

/** `device.unknown` unless a charger of ours signed it, `device.checkpoint` unless it is whole. */
export function openBundle(bytes: Uint8Array, context: EvidenceContext): Result<OpenedBundle, Refusal> {
  const decoded = decodeBundle(bytes)
  if (!decoded.ok) return decoded
  const parsed = parseMessage(chargerCertificate, decoded.value.certificate)
  if (!parsed.ok) return err(refusal('device.unknown'))
  const { timeS, device } = decoded.value.checkpoint.payload
  const { notBeforeS, notAfterS } = parsed.value.payload
  // A charger that has lost its clock still signs; then its certificate must be good today.
  const atS = timeS >= notBeforeS && timeS <= notAfterS ? timeS : context.nowS
  const certificate = openChargerCertificate(parsed.value.bytes, context.trust, atS, context.verify)
  if (!certificate.ok || String(certificate.value.payload.chargerId) !== String(device)) {
    return err(refusal('device.unknown'))
  }
  const { verify, verifyVouched = verify } = context
  const bundle = verifyBundle(decoded.value, certificate.value.payload.key, verifyVouched)
  return bundle.ok ? ok({ bundle: bundle.value, certificate: certificate.value }) : bundle
}

/** One that was opened before it was written down: what it says is taken apart again, and nothing is verified twice. */
export function reopenBundle(bytes: Uint8Array): OpenedBundle {
  const wasVerified = (): boolean => true
  const decoded = decodeBundle(bytes)
  const parsed = decoded.ok ? parseMessage(chargerCertificate, decoded.value.certificate) : undefined
  assert(decoded.ok && parsed?.ok === true, 'a stored bundle is well formed')
  const { key } = parsed.value.payload
  const certificate = verifyMessage(parsed.value, key, wasVerified)
  const bundle = verifyBundle(decoded.value, key, wasVerified)
  assert(certificate !== undefined && bundle.ok, 'a stored bundle has the root of its checkpoint')
  return { bundle: bundle.value, certificate }
}

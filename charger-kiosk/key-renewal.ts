/**
 * Asks the operator to certify this charger's next key. The present key says that it is the same charger, the next one
 * says that it is there. Nothing changes here until the certificate is believed; sessions of the old key end with it.
 */

import { toBase64Url, type Bytes } from '@/lib/core/bytes'
import type { ChargerId, OperatorId } from '@/lib/core/ids'
import { ok, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import type { Signer } from '@/lib/crypto/signature'
import { signMessage } from '@/lib/protocol/message'
import { certificateRenewal } from '@/lib/protocol/messages/certificate-renewal'
import { postJson, type CloudFault } from './cloud-call'
import type { News } from './controller/knowledge'

export interface KeyRenewal {
  readonly cloudOrigin: string
  readonly operator: OperatorId
  readonly chargerId: ChargerId
  /** Of the certificate in use. */
  readonly present: Signer
  readonly next: Signer
  readonly timeS: EpochSeconds
}

/** The signed question itself: the present key says that it is the same charger, the next one that it is there. */
export async function renewalQuestion({
  operator,
  chargerId,
  present,
  next,
  timeS,
}: Omit<KeyRenewal, 'cloudOrigin'>): Promise<{ readonly renewal: Bytes; readonly proof: Bytes }> {
  const payload = { operator, chargerId, key: next.publicKey, timeS }
  return {
    renewal: (await signMessage(certificateRenewal, payload, present)).bytes,
    proof: (await signMessage(certificateRenewal, payload, next)).bytes,
  }
}

/** What came back is as unproved as any news; the controller checks it. */
export async function askForCertificate(renewal: KeyRenewal): Promise<Result<News, CloudFault>> {
  const { renewal: asked, proof } = await renewalQuestion(renewal)
  const question = { renewal: toBase64Url(asked), proof: toBase64Url(proof) }
  const url = new URL('/api/v1/chargers/renew', renewal.cloudOrigin)
  const answered = await postJson(url, question, 'device.unknown')
  if (!answered.ok) return answered
  const answer = answered.value
  return ok({ trustList: answer.bytes('trustList'), certificate: answer.bytes('certificate') })
}

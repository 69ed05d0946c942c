/** Makes a charger known to its operator once: its key and a one-time code go up, certificate and first news come down. */

import { publicKey, type MessageHash, type PublicKey } from '@/lib/core/ids'
import { err, ok, type Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import type { ProjectionWrite } from '@/lib/journal/journal'
import { cloudFault, postJson, type CloudAnswer, type CloudFault } from './cloud-call'
import { adoptItem, newsItems } from './controller/adopt-news'
import { enrolmentWrites, openEnrolment, type Knowledge, type Self } from './controller/knowledge'
import type { KioskTable } from './session/records'

export interface EnrolmentRequest {
  readonly cloudOrigin: string
  readonly code: string
  readonly self: Self
  /** The operator's root where it is known beforehand; otherwise the answer's is believed once. */
  readonly root: PublicKey | undefined
  readonly nowS: EpochSeconds
  /** The meter's key, by its fingerprint: the certificate is to name it. */
  readonly meterKeyHash?: MessageHash | undefined
}

export interface Enrolled {
  readonly knowledge: Knowledge
  /** To be durable before the charger is. */
  readonly writes: readonly ProjectionWrite<KioskTable>[]
}

/** Never rejects. */
export async function enrol(
  request: EnrolmentRequest,
  verify: Verify,
): Promise<Result<Enrolled, CloudFault>> {
  const { cloudOrigin, code, self, meterKeyHash } = request
  const meter = meterKeyHash === undefined ? {} : { meterKeyHash }
  const question = { code, chargerId: self.chargerId, publicKey: self.key, ...meter }
  const url = new URL('/api/v1/chargers/enrol', cloudOrigin)
  const answered = await postJson(url, question, 'device.enrolment-code')
  return answered.ok ? readEnrolment(answered.value, request, verify) : answered
}

function readEnrolment(
  answer: CloudAnswer,
  { self, root: pinned, nowS }: EnrolmentRequest,
  verify: Verify,
): Result<Enrolled, CloudFault> {
  const root = answer.text('root')
  const [certificate, trustList] = [answer.bytes('certificate'), answer.bytes('trustList')]
  const [revocations, policy] = [answer.bytes('revocations'), answer.bytes('policy')]
  if (root === undefined || !/^[0-9a-f]{64}$/.test(root)) return malformed('no root key')
  if (pinned !== undefined && root !== pinned) return malformed('another root than the pinned one')
  if (
    certificate === undefined ||
    trustList === undefined ||
    revocations === undefined ||
    policy === undefined
  ) {
    return malformed('a signed message is missing')
  }
  const enrolment = { root: publicKey(root), certificate, trustList, revocations, policy }
  const opened = openEnrolment(enrolment, self, verify)
  if (!opened.ok) return malformed(`not believed: ${opened.error}`)
  return ok(withFurtherNews(opened.value, answer, { nowS, verify, ownKeys: [self.key] }))
}

/** A charger may be driven out to its site at once: what was revoked since the list, and the next price, go with it. */
function withFurtherNews(
  opened: Knowledge,
  answer: CloudAnswer,
  context: Parameters<typeof adoptItem>[2],
): Enrolled {
  const revocationDeltas = answer.list('revocationDeltas')
  const further = newsItems({ revocationDeltas, nextPolicy: answer.bytes('nextPolicy') })
  let enrolled: Enrolled = { knowledge: opened, writes: enrolmentWrites(opened) }
  for (const item of further) {
    const { knowledge, writes } = adoptItem(enrolled.knowledge, item, context)
    enrolled = { knowledge, writes: [...enrolled.writes, ...writes] }
  }
  return enrolled
}

const malformed = (detail: string): Result<never, CloudFault> => err(cloudFault('api.malformed', detail))

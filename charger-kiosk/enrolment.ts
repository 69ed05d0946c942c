/** Makes a charger known to its operator once: its key and a one-time code go up, certificate and first news come down. */

import { fromBase64Url, type Bytes } from '@/lib/core/bytes'
import { publicKey } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import type { Verify } from '@/lib/crypto/signature'
import { openEnrolment, type Knowledge, type Self } from './controller/knowledge'

export interface EnrolmentRequest {
  readonly cloudOrigin: string
  readonly code: string
  readonly self: Self
}

export interface EnrolmentFault {
  readonly code: ReasonCode
  readonly detail: string
}

const timeoutMs = 10_000

/** Never rejects. `api.unreachable` may be tried again; every other fault needs a person. */
export async function enrol(
  request: EnrolmentRequest,
  verify: Verify,
): Promise<Result<Knowledge, EnrolmentFault>> {
  const { cloudOrigin, code, self } = request
  let body: unknown
  try {
    const response = await fetch(new URL('/api/v1/chargers/enrol', cloudOrigin), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, chargerId: self.chargerId, publicKey: self.key }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await response.text()
    if (text.length > limits.requestBytesMax) return fault('api.malformed', 'the answer is too large')
    if (response.status >= 500) return fault('api.unreachable', `status ${response.status}`)
    body = JSON.parse(text)
    if (!response.ok)
      return fault('device.enrolment-code', `status ${response.status}: ${text.slice(0, 200)}`)
  } catch (error) {
    return fault('api.unreachable', error instanceof Error ? error.message : String(error))
  }
  return readEnrolment(body, self, verify)
}

function readEnrolment(body: unknown, self: Self, verify: Verify): Result<Knowledge, EnrolmentFault> {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>
  const bytes = (name: string): Bytes | undefined =>
    typeof fields[name] === 'string' ? fromBase64Url(fields[name]) : undefined
  const { root } = fields
  const [certificate, trustList] = [bytes('certificate'), bytes('trustList')]
  const [revocations, policy] = [bytes('revocations'), bytes('policy')]
  if (typeof root !== 'string' || !/^[0-9a-f]{64}$/.test(root)) return fault('api.malformed', 'no root key')
  if (
    certificate === undefined ||
    trustList === undefined ||
    revocations === undefined ||
    policy === undefined
  ) {
    return fault('api.malformed', 'a signed message is missing')
  }
  const opened = openEnrolment(
    { root: publicKey(root), certificate, trustList, revocations, policy },
    self,
    verify,
  )
  return opened.ok ? ok(opened.value) : fault('api.malformed', `not believed: ${opened.error}`)
}

const fault = (code: ReasonCode, detail: string): Result<never, EnrolmentFault> => err({ code, detail })

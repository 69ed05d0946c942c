/** Makes a charger known to its operator once: its key and a one-time code go up, certificate and first news come down. */

import { fromBase64Url, type Bytes } from '@/lib/core/bytes'
import { publicKey, type PublicKey } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import type { Verify } from '@/lib/crypto/signature'
import { openEnrolment, type Knowledge, type Self } from './controller/knowledge'

export interface EnrolmentRequest {
  readonly cloudOrigin: string
  readonly code: string
  readonly self: Self
  /** The operator's root where it is known beforehand; otherwise the answer's is believed once. */
  readonly root: PublicKey | undefined
}

export interface EnrolmentFault {
  readonly code: ReasonCode
  readonly detail: string
  /** Trying again later may help; otherwise it needs a person. */
  readonly mayPass: boolean
}

const timeoutMs = 10_000

/** Never rejects. */
export async function enrol(
  request: EnrolmentRequest,
  verify: Verify,
): Promise<Result<Knowledge, EnrolmentFault>> {
  const { cloudOrigin, code, self } = request
  try {
    const response = await fetch(new URL('/api/v1/chargers/enrol', cloudOrigin), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, chargerId: self.chargerId, publicKey: self.key }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const body = await readCapped(response)
    if (body === undefined) return passing(`status ${response.status} and no JSON of ours`)
    if (response.ok) return readEnrolment(body, request, verify)
    const { status } = response
    return status >= 500 || status === 408 || status === 429
      ? passing(`status ${status}`)
      : fault('device.enrolment-code', `status ${status}: ${JSON.stringify(body).slice(0, 200)}`)
  } catch (error) {
    return passing(error instanceof Error ? error.message : String(error))
  }
}

/** A captive portal may answer with anything of any length. */
async function readCapped(response: Response): Promise<unknown> {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let chunk = await reader?.read(); chunk?.value !== undefined; chunk = await reader?.read()) {
    text += decoder.decode(chunk.value, { stream: true })
    if (text.length <= limits.requestBytesMax) continue
    await reader?.cancel()
    return undefined
  }
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function readEnrolment(
  body: unknown,
  { self, root: pinned }: EnrolmentRequest,
  verify: Verify,
): Result<Knowledge, EnrolmentFault> {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>
  const bytes = (name: string): Bytes | undefined =>
    typeof fields[name] === 'string' ? fromBase64Url(fields[name]) : undefined
  const { root } = fields
  const [certificate, trustList] = [bytes('certificate'), bytes('trustList')]
  const [revocations, policy] = [bytes('revocations'), bytes('policy')]
  if (typeof root !== 'string' || !/^[0-9a-f]{64}$/.test(root)) return fault('api.malformed', 'no root key')
  if (pinned !== undefined && root !== pinned)
    return fault('api.malformed', 'another root than the pinned one')
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

const fault = (code: ReasonCode, detail: string): Result<never, EnrolmentFault> =>
  err({ code, detail, mayPass: false })

const passing = (detail: string): Result<never, EnrolmentFault> =>
  err({ code: 'api.unreachable', detail, mayPass: true })

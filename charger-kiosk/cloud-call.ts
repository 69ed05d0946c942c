/** One question to the operator's cloud, as JSON. Whatever a network or a captive portal does comes back as a value. */

import { fromBase64Url, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'

export interface CloudFault {
  readonly code: ReasonCode
  readonly detail: string
  /** Trying again later may help; otherwise it needs a person. */
  readonly mayPass: boolean
}

const timeoutMs = 10_000

/** Never rejects. @param refusal what a clear no of the cloud is called. */
export async function postJson(
  url: URL,
  question: object,
  refusal: ReasonCode,
): Promise<Result<CloudAnswer, CloudFault>> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(question),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const body = await readCapped(response)
    if (body === undefined) return passing(`status ${response.status} and no JSON of ours`)
    if (response.ok) return ok(new CloudAnswer(body))
    const { status } = response
    return status >= 500 || status === 408 || status === 429
      ? passing(`status ${status}`)
      : err(cloudFault(refusal, `status ${status}: ${JSON.stringify(body).slice(0, 200)}`))
  } catch (error) {
    return passing(error instanceof Error ? error.message : String(error))
  }
}

/** An answer whose fields are looked at one by one; nothing about it is believed yet. */
export class CloudAnswer {
  readonly #fields: Readonly<Record<string, unknown>>

  constructor(body: unknown) {
    this.#fields = (typeof body === 'object' && body !== null ? body : {}) as Readonly<
      Record<string, unknown>
    >
  }

  text(name: string): string | undefined {
    const value = this.#fields[name]
    return typeof value === 'string' ? value : undefined
  }

  /** A signed message in base64url. */
  bytes(name: string): Bytes | undefined {
    const text = this.text(name)
    return text === undefined ? undefined : fromBase64Url(text)
  }

  /** Those of a list that are messages at all. */
  list(name: string): readonly Bytes[] {
    const value = this.#fields[name]
    if (!Array.isArray(value)) return []
    return (value as readonly unknown[]).slice(0, listedMax).flatMap((one) => {
      const bytes = typeof one === 'string' ? fromBase64Url(one) : undefined
      return bytes === undefined ? [] : [bytes]
    })
  }
}

const listedMax = 64

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

export const cloudFault = (code: ReasonCode, detail: string): CloudFault => ({ code, detail, mayPass: false })

const passing = (detail: string): Result<never, CloudFault> =>
  err({ code: 'api.unreachable', detail, mayPass: true })

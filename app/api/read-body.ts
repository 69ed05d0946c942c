/** Request bodies, read no further than their cap, for no longer than their time. */

import { concat, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { isJson } from './sign-in-cookie'

/** Somebody who sends a byte a minute holds a connection and what is read already; a phone at one bar sends 2 MB in this time. */
const bodyTimeoutMs = 120_000

export async function readBytes(
  request: Request,
  bytesMax: number,
  timeoutMs = bodyTimeoutMs,
): Promise<Result<Bytes, Refusal>> {
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > bytesMax) return err(refusal('api.too-large', { limit: bytesMax }))
  if (request.body === null) return ok(new Uint8Array(0))
  const reader = request.body.getReader()
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    void reader.cancel().catch(() => undefined)
  }, timeoutMs)
  try {
    const chunks: Uint8Array[] = []
    let length = 0
    for (;;) {
      const { done, value } = await reader.read()
      if (isLate) return err(refusal('api.malformed'))
      if (done) return ok(concat(...chunks))
      length += value.length
      if (length > bytesMax) {
        await reader.cancel()
        return err(refusal('api.too-large', { limit: bytesMax }))
      }
      chunks.push(value)
    }
  } finally {
    clearTimeout(timer)
  }
}

/** A JSON body of any shape that nests no deeper than ours do; an empty one is `{}`. */
export async function readJson(
  request: Request,
  bytesMax: number = limits.requestBytesMax,
): Promise<Result<unknown, Refusal>> {
  const bytes = await readBytes(request, bytesMax)
  if (!bytes.ok) return bytes
  if (bytes.value.length === 0) return ok({})
  if (!isJson(request) || isTooDeep(bytes.value)) return err(refusal('api.malformed'))
  try {
    return ok(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.value)))
  } catch {
    return err(refusal('api.malformed'))
  }
}

const [quote, backslash, openList, closeList, openMap, closeMap] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d]

/** Counted before anything is built: what walks a value later may do so by recursion. */
function isTooDeep(bytes: Bytes): boolean {
  let depth = 0
  let isText = false
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (isText) {
      if (byte === backslash) at += 1
      else if (byte === quote) isText = false
    } else if (byte === quote) isText = true
    else if (byte === openList || byte === openMap) depth += 1
    else if (byte === closeList || byte === closeMap) depth -= 1
    if (depth > limits.jsonDepthMax) return true
  }
  return false
}

/** Request bodies, read no further than their cap. */

import { concat, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'

export async function readBytes(request: Request, bytesMax: number): Promise<Result<Bytes, Refusal>> {
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > bytesMax) return err(refusal('api.too-large', { limit: bytesMax }))
  if (request.body === null) return ok(new Uint8Array(0))
  const reader = request.body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return ok(concat(...chunks))
    length += value.length
    if (length > bytesMax) {
      await reader.cancel()
      return err(refusal('api.too-large', { limit: bytesMax }))
    }
    chunks.push(value)
  }
}

/** A JSON body of any shape; an empty one is `{}`. */
export async function readJson(request: Request): Promise<Result<unknown, Refusal>> {
  const bytes = await readBytes(request, limits.requestBytesMax)
  if (!bytes.ok) return bytes
  if (bytes.value.length === 0) return ok({})
  try {
    return ok(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.value)))
  } catch {
    return err(refusal('api.malformed'))
  }
}

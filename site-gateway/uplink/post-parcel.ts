/** One parcel to the cloud. Whatever a network can do comes back as a value. */

import { toBytes, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import type { ParcelId } from '@/lib/core/ids'
import type { DurationMs } from '@/lib/core/units'
import { decodeAnswer } from '@/lib/roads/parcel-answer'
import { parseRefusal } from '@/lib/roads/sync-reply'

/**
 * `refused`: the operator will never take it. `later`: the operator is there, but not now, or not for this one.
 * `lost`: nobody of ours answered.
 */
export type PostOutcome =
  | { readonly kind: 'answered'; readonly answer: Bytes }
  | { readonly kind: 'refused' | 'later' | 'lost'; readonly code: string; readonly receivedBytes: number }

export type PostParcel = (bytes: Bytes, id: ParcelId) => Promise<PostOutcome>

const refusals: ReadonlySet<string> = new Set(['parcel.unreadable', 'parcel.key', 'api.too-large'])

export function parcelPost(origin: string, timeoutMs: DurationMs): PostParcel {
  const url = new URL('/api/v1/parcels', origin)
  return async (bytes, id) => {
    try {
      return await post(url, bytes, id, timeoutMs)
    } catch {
      return { kind: 'lost', code: 'api.unreachable', receivedBytes: 0 }
    }
  }
}

async function post(url: URL, bytes: Bytes, id: ParcelId, timeoutMs: DurationMs): Promise<PostOutcome> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/cbor', accept: 'application/cbor' },
    body: bytes,
    // A redirect is a captive portal, not the cloud.
    redirect: 'error',
    cache: 'no-store',
    credentials: 'omit',
    signal: AbortSignal.timeout(timeoutMs),
  })
  const body = await readCapped(response)
  const receivedBytes = body?.length ?? limits.parcelAnswerBytesMax
  if (body === undefined) return { kind: 'lost', code: 'api.too-large', receivedBytes }
  if (!response.ok) {
    const { code } = parseRefusal(new TextDecoder().decode(body), response.status)
    if (code === 'api.unreachable') return { kind: 'lost', code, receivedBytes }
    return { kind: refusals.has(code) ? 'refused' : 'later', code, receivedBytes }
  }
  const answer = decodeAnswer(body)
  // Whatever else answers with 200 is a portal; of whose parcel it speaks is all that can be seen from here.
  if (!answer.ok || answer.value.label.id !== id)
    return { kind: 'lost', code: 'api.malformed', receivedBytes }
  return { kind: 'answered', answer: body }
}

async function readCapped(response: Response): Promise<Bytes | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  if (response.body === null) return toBytes([])
  const reader = response.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return toBytes(Buffer.concat(chunks))
    length += value.length
    if (length > limits.parcelAnswerBytesMax) {
      await reader.cancel()
      return undefined
    }
    chunks.push(value)
  }
}

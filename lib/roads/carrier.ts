/** A carrier's way to the operator: one parcel, one answer. Whoever answers something else is a portal and not the operator. */

import type { Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import type { CarryPorts, Posted } from '@/lib/sync/carry'
import { describeFault } from './https-road'
import { decodeAnswer } from './parcel-answer'
import { readCapped } from './read-capped'
import { parseRefusal } from './sync-reply'

/** A parcel of 2 MB over a poor line. */
const timeoutMs = 120_000

/** Codes that say nothing of the parcel, but of the moment. */
const passing: ReadonlySet<string> = new Set([
  'api.unreachable',
  'api.busy',
  'api.internal',
  'api.rate-limited',
])

export function postParcels(origin: string | URL): CarryPorts['post'] {
  const url = new URL('/api/v1/parcels', origin)
  return async (parcel, label) => {
    try {
      const response = await send(url, parcel)
      const body = await readCapped(response, limits.parcelAnswerBytesMax)
      if (body === undefined) return { kind: 'later', detail: 'The answer is too long to be the operator’s' }
      if (!response.ok) return refused(response, new TextDecoder().decode(body))
      const answer = decodeAnswer(body)
      const isIts =
        answer.ok && answer.value.label.id === label.id && answer.value.label.mailbox === label.mailbox
      return isIts
        ? { kind: 'answer', bytes: body }
        : { kind: 'later', detail: 'What answers there is not the operator’s cloud' }
    } catch (error) {
      return { kind: 'later', detail: describeFault(error) }
    }
  }
}

const send = (url: URL, body: Bytes): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/cbor', accept: 'application/cbor' },
    body,
    redirect: 'error',
    cache: 'no-store',
    credentials: 'omit',
    signal: AbortSignal.timeout(timeoutMs),
  })

function refused(response: Response, text: string): Posted {
  const { code, detail } = parseRefusal(text, response.status)
  if (!passing.has(code)) return { kind: 'refused', code }
  const after = Number(response.headers.get('retry-after') ?? Number.NaN)
  return {
    kind: 'later',
    detail: code === 'api.unreachable' ? detail : `The operator’s cloud refused for now (${code})`,
    ...(Number.isFinite(after) && after > 0 ? { afterS: after } : {}),
  }
}

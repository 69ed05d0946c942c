/**
 * The direct road: POST to the cloud. Everything that a network, a captive portal or a broken proxy can do comes back
 * as a value: the answer is capped while it is read, must be JSON, and must arrive within the timeout.
 */

import type { Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import { err, type Result } from '@/lib/core/result'
import { durationMs, type DurationMs } from '@/lib/core/units'
import type { Road, RoadFault, RoadNews } from './road'
import { readCapped } from './read-capped'
import { malformed, parseNews, parseRefusal } from './sync-reply'

export interface HttpsRoadOptions {
  /** Of the cloud, as `https://charge.example.org`; plain http serves on loopback. */
  readonly origin: string
  readonly timeoutMs?: DurationMs
  /** Left out: by `fetch`. */
  readonly post?: Post
}

/** One request and its answer; rejects where there was none. `body` is undefined where it was longer than it may be. */
export type Post = (
  url: URL,
  body: Bytes,
  headers: Readonly<Record<string, string>>,
  bounds: { readonly timeoutMs: DurationMs; readonly answerBytesMax: number },
) => Promise<{ readonly status: number; readonly type: string; readonly body: Uint8Array | undefined }>

const timeoutDefaultMs = durationMs(20_000)

export function httpsRoad({ origin, timeoutMs = timeoutDefaultMs, post = byFetch }: HttpsRoadOptions): Road {
  const url = new URL('/api/v1/sync', origin)
  return {
    name: 'https',
    send: async (bundle) => {
      try {
        const bounds = { timeoutMs, answerBytesMax: limits.roadReplyBytesMax }
        return readAnswer(await post(url, bundle, headers, bounds))
      } catch (error) {
        return err({ code: 'api.unreachable', detail: describeFault(error) })
      }
    },
  }
}

const headers = { 'content-type': 'application/cbor', accept: 'application/json' }

const byFetch: Post = async (url, body, sent, { timeoutMs, answerBytesMax }) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: sent,
    body,
    // A redirect is a captive portal, not the cloud; following it would post the log to strangers.
    redirect: 'error',
    cache: 'no-store',
    credentials: 'omit',
    signal: AbortSignal.timeout(timeoutMs),
  })
  const type = response.headers.get('content-type') ?? ''
  return { status: response.status, type, body: await readCapped(response, answerBytesMax) }
}

function readAnswer({ status, type, body }: Awaited<ReturnType<Post>>): Result<RoadNews, RoadFault> {
  if (body === undefined)
    return err({ code: 'api.too-large', detail: `Status ${status}, too long an answer` })
  const text = new TextDecoder().decode(body)
  if (status < 200 || status > 299) return err(parseRefusal(text, status))
  return type.startsWith('application/json')
    ? parseNews(text)
    : err(malformed(`The answer is ${type.slice(0, 80)}`))
}

/** A fault of the network in one line. */
export function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return `${error.name}: ${error.message}${cause}`
}

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
}

const timeoutDefaultMs = durationMs(20_000)

export function httpsRoad({ origin, timeoutMs = timeoutDefaultMs }: HttpsRoadOptions): Road {
  const url = new URL('/api/v1/sync', origin)
  return {
    name: 'https',
    send: async (bundle) => {
      try {
        return await post(url, bundle, timeoutMs)
      } catch (error) {
        return err({ code: 'api.unreachable', detail: describeFault(error) })
      }
    },
  }
}

async function post(url: URL, bundle: Bytes, timeoutMs: DurationMs): Promise<Result<RoadNews, RoadFault>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/cbor', accept: 'application/json' },
    body: bundle,
    // A redirect is a captive portal, not the cloud; following it would post the log to strangers.
    redirect: 'error',
    cache: 'no-store',
    credentials: 'omit',
    signal: AbortSignal.timeout(timeoutMs),
  })
  const body = await readCapped(response, limits.roadReplyBytesMax)
  if (body === undefined)
    return err({ code: 'api.too-large', detail: `Status ${response.status}, too long an answer` })
  const text = new TextDecoder().decode(body)
  if (!response.ok) return err(parseRefusal(text, response.status))
  const type = response.headers.get('content-type') ?? ''
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

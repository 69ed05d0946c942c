/**
 * One request of the consoles' API from a page: for the organisation in hand, never from a cache, and given up when nothing
 * is heard for a while. Files may take as long as they keep coming.
 */

import type { ApiError } from '@/lib/cloud/api-types/shared'
import { refusal, type Refusal } from '@/lib/core/reason'
import { reasons, type ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { patienceOf, readWhole, type Patience } from './patience'

/** Between two signs of life. */
const silenceMs = 20_000
/** A person may belong to several organisations: which one a request is for. Read by app/api/handle.ts. */
const organisationHeader = 'outpost-organisation'

let actingFor: string | undefined

export function actFor(organisationId: string | undefined): void {
  actingFor = organisationId
}

const headersOf = (type?: string): Record<string, string> => ({
  ...(type === undefined ? {} : { 'content-type': type }),
  ...(actingFor === undefined ? {} : { [organisationHeader]: actingFor }),
})

/** A body makes it a write. `path` is below `/api/v1`; ids in it are encoded by the caller. */
export const ask = <T>(path: string, body?: unknown): Promise<Result<T, Refusal>> =>
  patiently(async (patience) => {
    const answer = await send(path, body, patience)
    if (!answer.ok) return answer
    const json: unknown = answer.value.status === 204 ? {} : await readJson(answer.value)
    return json === undefined ? err(refusal('api.unreachable')) : ok(json as T)
  })

/** A file of the operator's: an export, a statement, a sheet of cards. */
export const askFile = (path: string, body?: unknown): Promise<Result<Blob, Refusal>> =>
  patiently(async (patience) => {
    const answer = await send(path, body, patience)
    return answer.ok ? ok(await readWhole(answer.value, patience)) : answer
  })

async function patiently<T>(
  work: (patience: Patience) => Promise<Result<T, Refusal>>,
): Promise<Result<T, Refusal>> {
  const patience = patienceOf(silenceMs)
  try {
    return await work(patience)
  } catch {
    return err(refusal('api.unreachable'))
  } finally {
    patience.end()
  }
}

async function send(path: string, body: unknown, patience: Patience): Promise<Result<Response, Refusal>> {
  const response = await fetch(`/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body === undefined
      ? { headers: headersOf() }
      : { headers: headersOf('application/json'), body: JSON.stringify(body) }),
    cache: 'no-store',
    credentials: 'same-origin',
    signal: patience.signal,
  })
  patience.heard()
  return response.ok ? ok(response) : err(readRefusal(await readJson(response)))
}

const readJson = (response: Response): Promise<unknown> => response.json().catch(() => undefined)

function readRefusal(json: unknown): Refusal {
  const error = (json as Partial<ApiError> | undefined)?.error
  if (error === undefined || !Object.hasOwn(reasons, error.code)) return refusal('api.unreachable')
  return refusal(error.code as ReasonCode, error.facts)
}

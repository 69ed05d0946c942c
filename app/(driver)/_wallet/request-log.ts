/** The last requests to the operator, for the report to support: what was asked, what came back, and how the clocks differ. */

import type { RequestMark } from '@/lib/wallet/diagnostics'

const keptMax = 12
let marks: readonly RequestMark[] = []
let clockOffsetS: number | null = null

/** Ids in an address could name somebody: whatever is not one of our own words is left out. */
export const withoutIds = (path: string): string =>
  path
    .replace(/[?#].*$/, '')
    .split('/')
    .map((part) => (/^(?:v\d+|[a-z][a-z-]{0,23})$/.test(part) || part === '' ? part : '…'))
    .join('/')

/** Called with every answer, and with undefined where there was none. Never delays or fails the request itself. */
export function markRequest(path: string, startedAtMs: number, response: Response | undefined): void {
  const nowMs = Date.now()
  const mark: RequestMark = {
    atS: Math.floor(nowMs / 1_000),
    path: withoutIds(path),
    status: response?.status ?? 0,
    code: null,
    tookMs: Math.max(0, nowMs - startedAtMs),
  }
  keep(mark)
  const theirs = Date.parse(response?.headers.get('date') ?? '')
  if (!Number.isNaN(theirs)) clockOffsetS = Math.round((nowMs - theirs) / 1_000)
  if (response !== undefined && !response.ok) void addCode(mark, response)
}

const keep = (mark: RequestMark): void => {
  marks = [...marks, mark].slice(-keptMax)
}

async function addCode(mark: RequestMark, response: Response): Promise<void> {
  try {
    const answer = (await response.clone().json()) as { readonly error?: { readonly code?: unknown } }
    const code = answer.error?.code
    if (typeof code !== 'string' || !/^[a-z.-]{1,40}$/.test(code)) return
    marks = marks.map((known) => (known === mark ? { ...mark, code } : known))
  } catch {
    // A page of somebody else's has no code.
  }
}

/** Newest last. */
export const requestMarks = (): readonly RequestMark[] => marks
export const knownClockOffsetS = (): number | null => clockOffsetS

/** The filter of sessions between the address, the page and the API. Pure. */

import { sessionStates, type SessionFilter } from '@/components/console/sessions/sessions-view'

const dayPattern = /^\d{4}-\d{2}-\d{2}$/
const daySeconds = 86_400

/** Whatever else stands in an address is left out. */
export function filterOf(query: Pick<URLSearchParams, 'get'>): SessionFilter {
  const fitting = (name: string, pattern: RegExp): string => {
    const value = query.get(name) ?? ''
    return pattern.test(value) ? value : ''
  }
  const wanted = query.get('state')
  return {
    state: sessionStates.find((state) => state === wanted) ?? '',
    site: fitting('site', /^[a-z0-9][a-z0-9-]{0,7}$/),
    from: dayOf(fitting('from', dayPattern)) === undefined ? '' : fitting('from', dayPattern),
    to: dayOf(fitting('to', dayPattern)) === undefined ? '' : fitting('to', dayPattern),
    search: (query.get('search') ?? '').trim().slice(0, 60),
    driver: fitting('driver', /^[0-9a-f]{8,64}$/),
    vehicle: fitting('vehicle', /^[0-9a-f]{8,64}$/),
    token: fitting('token', /^[0-9a-f]{32}$/),
  }
}

/** As it stands in the address: only what narrows. */
export function addressOf(filter: SessionFilter): string {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== '')).toString()
  return query === '' ? '/fleet/sessions' : `/fleet/sessions?${query}`
}

/** As the API asks for it: days become seconds, and the last day counts whole. */
export function askedOf(filter: SessionFilter): Readonly<Record<string, string>> {
  const { from, to, ...rest } = filter
  const fromS = dayOf(from)
  const toS = dayOf(to)
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== '')),
    ...(fromS === undefined ? {} : { fromS: String(fromS) }),
    ...(toS === undefined ? {} : { toS: String(toS + daySeconds) }),
  }
}

function dayOf(day: string): number | undefined {
  const at = day === '' ? Number.NaN : Date.parse(`${day}T00:00:00Z`)
  return Number.isNaN(at) || at < 0 ? undefined : at / 1_000
}

export const isSessionId = (text: string | null): text is string =>
  text !== null && /^[0-9a-f]{32}$/.test(text)

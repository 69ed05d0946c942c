/** The filter of drivers and vehicles between the address, the page and the API. Pure. */

import {
  rosterKinds,
  rosterStates,
  type RosterFilter,
  type RosterKind,
} from '@/components/console/drivers/drivers-view'

type Query = Pick<URLSearchParams, 'get'>

/** Whatever else stands in an address is left out. */
export function filterOf(query: Query): RosterFilter {
  return {
    kind: kindIn(query.get('kind')) ?? 'drivers',
    state: rosterStates.find((state) => state === query.get('state')) ?? 'active',
    search: (query.get('search') ?? '').trim().slice(0, 60),
  }
}

/** Which list is to be imported; null: none. */
export const importOf = (query: Query): RosterKind | null => kindIn(query.get('import')) ?? null

const kindIn = (text: string | null): RosterKind | undefined => rosterKinds.find((kind) => kind === text)

/** As it stands in the address: only what is not usual. */
export function addressOf({ kind, state, search }: RosterFilter): string {
  const query = new URLSearchParams()
  if (kind !== 'drivers') query.set('kind', kind)
  if (state !== 'active') query.set('state', state)
  if (search !== '') query.set('search', search)
  const text = query.toString()
  return text === '' ? '/fleet/drivers' : `/fleet/drivers?${text}`
}

/** As the API asks for one page of it. */
export function askedOf({ kind, state, search }: RosterFilter, cursor: string | null): string {
  const query = new URLSearchParams({ state })
  if (search !== '') query.set('search', search)
  if (cursor !== null) query.set('cursor', cursor)
  return `/fleet/${kind}?${query}`
}

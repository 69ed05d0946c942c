/** The filter of fleets between the address, the page and the API. Pure. */

import { fleetStates, type FleetFilter } from '@/components/console/operator/fleets-view'

/** Whatever else stands in an address is left out. */
export const filterOf = (query: Pick<URLSearchParams, 'get'>): FleetFilter => ({
  state: fleetStates.find((state) => state === query.get('state')) ?? '',
  search: (query.get('search') ?? '').trim().slice(0, 60),
})

function textOf({ state, search }: FleetFilter): string {
  const query = new URLSearchParams()
  if (state !== '') query.set('state', state)
  if (search !== '') query.set('search', search)
  return query.toString()
}

/** As it stands in the address: only what is not usual. */
export function addressOf(filter: FleetFilter): string {
  const text = textOf(filter)
  return text === '' ? '/operator' : `/operator?${text}`
}

/** As the API asks for it. */
export const askedOf = (filter: FleetFilter): string => `/operator/fleets?${textOf(filter)}`

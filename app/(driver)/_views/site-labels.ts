/**
 * Names of sites, in the operator's order, as along a road: from the operator's list, else from a charger that was met
 * there, else the short id itself.
 */

import { entriesOf, type WalletState } from '@/lib/wallet/wallet-state'

export function siteLabels(state: WalletState, siteIds: readonly string[]): readonly string[] {
  const places = new Map(state.siteBook?.sites.map(({ siteId }, place) => [siteId, place]))
  const placeOf = (siteId: string): number => places.get(siteId) ?? places.size
  return [...siteIds]
    .sort((left, right) => placeOf(left) - placeOf(right))
    .map((siteId) => labelOf(state, siteId))
}

const labelOf = (state: WalletState, id: string): string =>
  state.siteBook?.sites.find(({ siteId }) => siteId === id)?.label ??
  entriesOf(state).find(({ certificate }) => certificate.payload.siteId === id)?.certificate.payload
    .siteLabel ??
  id

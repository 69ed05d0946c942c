/**
 * What a driver thinks of as one purse: own credit for everywhere, own credit for certain sites, or a fleet's. Grants
 * come and go with every renewal; the purse stays, so that a choice made once is kept.
 */

import { isSiteBound } from '@/lib/protocol/messages/grant'
import type { Chain } from './chain'

export type PurseId = 'roaming' | 'sites' | `fleet:${string}`

export function purseOf({ fleetName, grant: { payload } }: Chain): PurseId {
  if (fleetName !== null || payload.fleetRules !== undefined) return `fleet:${fleetName ?? ''}`
  return isSiteBound(payload) ? 'sites' : 'roaming'
}

/** The driver's own credit, as opposed to a fleet's and to a guest's single session. */
export const isOwnCredit = (chain: Chain): boolean =>
  !purseOf(chain).startsWith('fleet:') && chain.grant.payload.spendsMax > 1

/** Own credit that is good everywhere; there is one such grant at a time. */
export const isRoamingCredit = (chain: Chain): boolean => isOwnCredit(chain) && purseOf(chain) === 'roaming'

/** Taken along for certain sites. */
export const isTripCredit = (chain: Chain): boolean => isOwnCredit(chain) && purseOf(chain) === 'sites'

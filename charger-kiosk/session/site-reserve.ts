/**
 * The site's common book of what its own grants have spent. A site-bound grant may use its high limits only where every
 * spend of the site is in one durable book before energy flows; without one it counts as a roaming stranger.
 */

import type { GrantSerial } from '@/lib/core/ids'
import type { ProjectionWrite } from '@/lib/journal/journal'
import { isForked, mergeSpent, type Spend, type SpentList } from '@/lib/sync/spent-list'
import { rows, type KioskTable } from './records'

/** `held`: the book is there and nothing in it speaks against the grant. `absent`: there is no book now. */
export type ReserveStanding = 'held' | 'frozen' | 'absent'

export interface Reserved {
  readonly standing: ReserveStanding
  /** To be durable together with what the charger does about the spend. */
  readonly writes: readonly ProjectionWrite<KioskTable>[]
}

export interface SiteReserve {
  standing(serial: GrantSerial): ReserveStanding
  /** Enters a spend that wallet and issuer signed. Durable, at the latest, with the caller's own transaction. */
  reserve(serial: GrantSerial, spend: Spend): Promise<Reserved>
}

/** No gateway, and other chargers at the site: what they accept is not known here. */
export const noReserve: SiteReserve = {
  standing: () => 'absent',
  reserve: () => Promise.resolve({ standing: 'absent', writes: [] }),
}

/** The site's only charger: its own journal is the book. @param list reads what is durable now. */
export function ownReserve(list: (serial: GrantSerial) => SpentList): SiteReserve {
  const standingOf = (spends: SpentList): ReserveStanding => (isForked(spends) ? 'frozen' : 'held')
  return {
    standing: (serial) => standingOf(list(serial)),
    reserve: (serial, spend) => {
      const merged = mergeSpent(list(serial), [spend])
      const write = { table: 'spent', key: serial, value: rows.spent.encode({ spends: merged }) } as const
      return Promise.resolve({ standing: standingOf(merged), writes: [write] })
    },
  }
}

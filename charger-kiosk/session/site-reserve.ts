/**
 * The site's common book of what its own grants have spent. A site-bound grant may use its high limits only where every
 * spend of the site is in one durable book before energy flows; without one it counts as a roaming stranger.
 */

import type { GrantSerial } from '@/lib/core/ids'
import type { ProjectionWrite } from '@/lib/journal/journal'
import type { VerifiedMessage } from '@/lib/protocol/message'
import type { Authorization } from '@/lib/protocol/messages/authorization'
import type { Grant } from '@/lib/protocol/messages/grant'
import { isForked, mergeSpent, type SpentList } from '@/lib/sync/spent-list'
import { rows, type KioskTable } from './records'

/** `held`: the book is there and nothing in it speaks against the grant. `absent`: there is no book now. */
export type ReserveStanding = 'held' | 'frozen' | 'absent'

export interface Reserved {
  readonly standing: ReserveStanding
  /** To be durable together with what the charger does about the spend. */
  readonly writes: readonly ProjectionWrite<KioskTable>[]
}

/** A spend that wallet and issuer signed. */
export interface SignedSpend {
  readonly grant: VerifiedMessage<Grant>
  readonly authorization: VerifiedMessage<Authorization>
}

export interface SiteReserve {
  /** Whether roaming grants are entered as well: held they are not, but the site sees when they contradict themselves. */
  readonly entersRoaming: boolean
  /** Whether it holds reserves now, as far as is known. */
  readonly isWhole: boolean
  standing(serial: GrantSerial): ReserveStanding
  /** Enters a spend. Durable, at the latest, with the caller's own transaction. */
  reserve(spend: SignedSpend): Promise<Reserved>
}

/** No gateway, and other chargers at the site: what they accept is not known here. */
export const noReserve: SiteReserve = {
  entersRoaming: false,
  isWhole: false,
  standing: () => 'absent',
  reserve: () => Promise.resolve({ standing: 'absent', writes: [] }),
}

/** The site's only charger: its own journal is the book. @param list reads what is durable now. */
export function ownReserve(list: (serial: GrantSerial) => SpentList): SiteReserve {
  const standingOf = (spends: SpentList): ReserveStanding => (isForked(spends) ? 'frozen' : 'held')
  return {
    entersRoaming: false,
    isWhole: true,
    standing: (serial) => standingOf(list(serial)),
    reserve: ({ grant, authorization: { hash, payload } }) => {
      const { serial } = grant.payload
      const { seq, grossMinor, releasedMinor } = payload
      const spend = { seq, hash, grossMinor, releasedMinor }
      const merged = mergeSpent(list(serial), [spend])
      const write = { table: 'spent', key: serial, value: rows.spent.encode({ spends: merged }) } as const
      return Promise.resolve({ standing: standingOf(merged), writes: [write] })
    },
  }
}

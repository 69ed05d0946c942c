/**
 * Which neighbours have a way to an uplink, and how far it is: each says its own distance, so parcels run downhill and not
 * everywhere. A neighbour is never told of a way that leads through itself. A way is as old as the last word of the
 * operator at its end and dies a day after that, so that a yard whose link flaps keeps handing on and a yard without one
 * stops. Nobody vouches for any of it: a lie costs time, see `handOut`. Pure.
 */

import type { ChargerId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import type { EpochSeconds } from '@/lib/core/units'

export interface Way {
  /** Neighbours between here and the operator; 0 for whoever speaks with it itself. */
  readonly hops: number
  /** Since the operator last spoke at the end of it. */
  readonly ageS: number
}

interface KnownWay extends Way {
  /** By our own clock, which may stand at its beginning. */
  readonly heardAtS: EpochSeconds
}

export interface Ways {
  readonly own: EpochSeconds | undefined
  readonly by: ReadonlyMap<ChargerId, KnownWay>
}

export const noWays: Ways = { own: undefined, by: new Map() }

/** The operator answered us by a road of our own. */
export const withOwnWay = (ways: Ways, nowS: EpochSeconds): Ways => ({ ...ways, own: nowS })

/** What a neighbour says of its own way, in place of what it said before. @param way undefined: it knows none */
export function withWayOf(ways: Ways, peer: ChargerId, way: Way | undefined, nowS: EpochSeconds): Ways {
  const by = new Map(ways.by)
  by.delete(peer)
  if (way !== undefined && way.ageS < limits.meshLifetimeS && by.size < limits.meshPeersMax)
    by.set(peer, { ...way, heardAtS: nowS })
  return { ...ways, by }
}

/** The shortest, and of these the freshest. @param except who asks: what we know from it is no news to it */
export function bestWay({ own, by }: Ways, nowS: EpochSeconds, except?: ChargerId): Way | undefined {
  const known: KnownWay[] = own === undefined ? [] : [{ hops: 0, ageS: 0, heardAtS: own }]
  for (const [peer, way] of by) if (peer !== except) known.push({ ...way, hops: way.hops + 1 })
  return known
    .map(({ hops, ageS, heardAtS }) => ({ hops, ageS: ageS + Math.max(0, nowS - heardAtS) }))
    .filter(({ hops, ageS }) => hops <= limits.meshHopsMax && ageS < limits.meshLifetimeS)
    .sort((one, other) => one.hops - other.hops || one.ageS - other.ageS)[0]
}

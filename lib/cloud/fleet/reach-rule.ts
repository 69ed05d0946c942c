/**
 * Who can still spend from a grant that was withdrawn, how much and where, until the news has reached every charger. Pure.
 *
 * The figure is a most, not a guess: a charger that has not said that it holds the revocation is taken as one that accepts,
 * and every such charger as one that lends all that its policy may ever have let it lend. Together they never give more
 * than the grant has left.
 */

export interface ReachGrant {
  /** Of what is reserved for it, neither settled nor held. */
  readonly leftMinor: number
  readonly sessionCapMinor: number
  /** Named sites keep a common book and may lend all that is there. */
  readonly isSiteBound: boolean
  /** The revocation that names it; undefined before the withdrawal. */
  readonly epoch: number | undefined
}

export interface ReachCharger {
  readonly chargerId: string
  readonly siteId: string
  readonly siteLabel: string
  readonly bayLabel: string
  /** As its own log says; 0: it has not said. */
  readonly heldEpoch: number
  readonly inTouchAtS: number | null
  /** It was set up after the withdrawal, so that it began with the news. */
  readonly isYounger: boolean
  /** A session of this grant there is settled: it may lend up to the session's cap again. */
  readonly isConfirmed: boolean
}

export interface SiteReach {
  readonly siteId: string
  readonly label: string
  readonly chargers: number
  readonly heard: number
  /** Of the charger that was silent longest; null: one was never in touch. */
  readonly lastInTouchAtS: number | null
}

export interface UnheardCharger {
  readonly chargerId: string
  readonly siteLabel: string
  readonly bayLabel: string
  readonly inTouchAtS: number | null
  readonly mostMinor: number
}

export interface Reach {
  readonly mostMinor: number
  readonly strangerCapMinor: number | null
  readonly chargers: number
  readonly heard: number
  readonly sites: readonly SiteReach[]
  /** Silent longest first. */
  readonly unheard: readonly UnheardCharger[]
}

/** @param firstSeenCapMinor the highest that any policy has ever set: a charger may hold an old one. */
export function reachOf(
  grant: ReachGrant,
  chargers: readonly ReachCharger[],
  firstSeenCapMinor: number,
): Reach {
  const strangerCapMinor = grant.isSiteBound ? null : Math.min(firstSeenCapMinor, grant.leftMinor)
  const mostAt = ({ isConfirmed }: ReachCharger): number => {
    if (grant.isSiteBound) return grant.leftMinor
    const lends = isConfirmed ? Math.max(firstSeenCapMinor, grant.sessionCapMinor) : firstSeenCapMinor
    return Math.min(lends, grant.leftMinor)
  }
  const hasHeard = ({ heldEpoch, isYounger }: ReachCharger): boolean =>
    grant.epoch !== undefined && (isYounger || heldEpoch >= grant.epoch)
  const silent = chargers
    .filter((charger) => !hasHeard(charger))
    .sort(
      (left, right) =>
        (left.inTouchAtS ?? 0) - (right.inTouchAtS ?? 0) || (left.chargerId < right.chargerId ? -1 : 1),
    )
  const sum = silent.reduce((total, charger) => total + mostAt(charger), 0)
  return {
    mostMinor: Math.min(grant.leftMinor, sum),
    strangerCapMinor,
    chargers: chargers.length,
    heard: chargers.length - silent.length,
    sites: sitesOf(chargers, hasHeard),
    unheard: silent.map((charger) => ({
      chargerId: charger.chargerId,
      siteLabel: charger.siteLabel,
      bayLabel: charger.bayLabel,
      inTouchAtS: charger.inTouchAtS,
      mostMinor: mostAt(charger),
    })),
  }
}

/** Those with most to hear first. */
function sitesOf(
  chargers: readonly ReachCharger[],
  hasHeard: (charger: ReachCharger) => boolean,
): readonly SiteReach[] {
  const bySite = new Map<string, ReachCharger[]>()
  for (const charger of chargers) {
    const there = bySite.get(charger.siteId)
    if (there === undefined) bySite.set(charger.siteId, [charger])
    else there.push(charger)
  }
  return [...bySite.entries()]
    .map(([siteId, there]) => ({
      siteId,
      label: there[0]?.siteLabel ?? siteId,
      chargers: there.length,
      heard: there.filter(hasHeard).length,
      lastInTouchAtS: oldestOf(there.map(({ inTouchAtS }) => inTouchAtS)),
    }))
    .sort(
      (left, right) =>
        right.chargers - right.heard - (left.chargers - left.heard) || (left.label < right.label ? -1 : 1),
    )
}

const oldestOf = (times: readonly (number | null)[]): number | null =>
  times.reduce(
    (oldest, time) => (oldest === null || time === null ? null : Math.min(oldest, time)),
    times[0] ?? null,
  )

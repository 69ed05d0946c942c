/**
 * Which chargers know that a card is void: those whose own log says so, and those that were set up later. Everybody else is
 * taken as one that would still sell to it. Pure.
 */

export interface SiteCharger {
  readonly chargerId: string
  readonly siteId: string
  readonly siteLabel: string
  readonly bayLabel: string
  /** Epoch of the revocations, as its own log says; 0: it has not said. */
  readonly heldEpoch: number
  /** Null: never. */
  readonly inTouchAtS: number | null
  readonly createdAtS: number
}

export interface VoidNews {
  readonly epoch: number
  readonly sinceS: number
  readonly sites: readonly string[]
  readonly notAfterS: number
}

export interface UnheardCharger {
  readonly chargerId: string
  readonly siteLabel: string
  readonly bayLabel: string
  readonly inTouchAtS: number | null
  /** Void cards that it would still take. */
  readonly cards: number
}

const knows = ({ heldEpoch, createdAtS }: SiteCharger, { epoch, sinceS }: VoidNews): boolean =>
  heldEpoch >= epoch || createdAtS > sinceS

export function heardOf(
  news: VoidNews,
  chargers: readonly SiteCharger[],
): { readonly chargers: number; readonly heard: number } {
  const meant = chargers.filter(({ siteId }) => news.sites.includes(siteId))
  return { chargers: meant.length, heard: meant.filter((charger) => knows(charger, news)).length }
}

/** Silent longest first. What has expired is refused by everybody. */
export function unheardOf(
  news: readonly VoidNews[],
  chargers: readonly SiteCharger[],
  nowS: number,
): readonly UnheardCharger[] {
  const open = news.filter(({ notAfterS }) => notAfterS > nowS)
  return chargers
    .map((charger) => ({
      ...{ chargerId: charger.chargerId, siteLabel: charger.siteLabel, bayLabel: charger.bayLabel },
      inTouchAtS: charger.inTouchAtS,
      cards: open.filter((one) => one.sites.includes(charger.siteId) && !knows(charger, one)).length,
    }))
    .filter(({ cards }) => cards > 0)
    .sort(
      (left, right) =>
        (left.inTouchAtS ?? 0) - (right.inTouchAtS ?? 0) || (left.chargerId < right.chargerId ? -1 : 1),
    )
}

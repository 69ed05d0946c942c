/**
 * Which chargers know a card: those whose own log says that they hold the newest list of their site, where that list was
 * signed after the card was given out. One that holds an older list may know it too; nobody is told so. Pure.
 */

export interface HeldList {
  readonly chargerId: string
  /** Holds the newest one of its site. */
  readonly isNewest: boolean
  /** When the newest was signed. */
  readonly issuedAtS: number
}

export function listedAt(
  card: { readonly sites: readonly string[]; readonly issued_at_s: number },
  chargers: readonly { readonly chargerId: string; readonly siteId: string }[],
  lists: readonly HeldList[],
): { readonly chargers: number; readonly heard: number } {
  const knowing = new Set(
    lists
      .filter(({ isNewest, issuedAtS }) => isNewest && issuedAtS >= card.issued_at_s)
      .map(({ chargerId }) => chargerId),
  )
  const meant = chargers.filter(({ siteId }) => card.sites.includes(siteId))
  return { chargers: meant.length, heard: meant.filter(({ chargerId }) => knowing.has(chargerId)).length }
}

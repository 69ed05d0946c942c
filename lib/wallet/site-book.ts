/**
 * The operator's sites as this phone keeps them: for their names, and to choose some before a journey. Where things lie
 * is only ever used for sorting; no money depends on it. Pure.
 */

import type { EpochSeconds } from '@/lib/core/units'

export interface Position {
  /** In 10⁻⁵ degrees. */
  readonly latitudeE5: number
  readonly longitudeE5: number
}

export interface Site {
  readonly siteId: string
  readonly label: string
  readonly position: Position | null
  readonly chargers: number
  /** Its charger keeps the site's own book of spends, so that a grant for it is no stranger there. */
  readonly keepsReserve: boolean
}

export interface SiteBook {
  /** In the operator's order. */
  readonly sites: readonly Site[]
  readonly asOfS: EpochSeconds
}

/** Names as people type them: without accents and case. */
const plain = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()

/** Every word of the search stands somewhere in the name. */
export function searchSites(sites: readonly Site[], search: string): readonly Site[] {
  const words = plain(search)
    .split(/\s+/)
    .filter((word) => word !== '')
  return sites.filter(({ label }) => words.every((word) => plain(label).includes(word)))
}

const kmPerDegree = 111.2

/** Kilometres east and north of `origin`, on a plane that fits a country. */
function planeFrom(origin: Position): (at: Position) => { readonly x: number; readonly y: number } {
  const squeeze = Math.cos((origin.latitudeE5 / 1e5) * (Math.PI / 180))
  return ({ latitudeE5, longitudeE5 }) => ({
    x: ((longitudeE5 - origin.longitudeE5) / 1e5) * kmPerDegree * squeeze,
    y: ((latitudeE5 - origin.latitudeE5) / 1e5) * kmPerDegree,
  })
}

export function distanceKm(from: Position, to: Position): number {
  const { x, y } = planeFrom(from)(to)
  return Math.hypot(x, y)
}

export interface Along {
  readonly site: Site
  /** From the start, as the crow flies. */
  readonly km: number
}

/** Sites within `widthKm` of the straight line between two, in the order of the way, both ends included. */
export function corridor(sites: readonly Site[], from: Site, to: Site, widthKm: number): readonly Along[] {
  if (from.position === null || to.position === null) return []
  const plane = planeFrom(from.position)
  const end = plane(to.position)
  const lengthKm = Math.hypot(end.x, end.y)
  const found: Along[] = []
  for (const site of sites) {
    if (site.position === null) continue
    const at = plane(site.position)
    const share = lengthKm === 0 ? 0 : Math.min(1, Math.max(0, (at.x * end.x + at.y * end.y) / lengthKm ** 2))
    const offKm = Math.hypot(at.x - share * end.x, at.y - share * end.y)
    if (offKm <= widthKm) found.push({ site, km: share * lengthKm })
  }
  return found.sort((left, right) => left.km - right.km)
}

/** At most `countMax` of them, spread over the way, both ends included. */
export function spread<T>(items: readonly T[], countMax: number): readonly T[] {
  if (items.length <= countMax) return items
  return Array.from({ length: countMax }, (_, at) => {
    const item = items[Math.round((at * (items.length - 1)) / Math.max(1, countMax - 1))]
    return item === undefined ? [] : [item]
  }).flat()
}

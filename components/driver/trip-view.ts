/** What the trip's screens show: what was taken along, which sites there are, what is about to be reserved. */

import type { TariffFigures } from '@/lib/format/tariff-lines'
import type { Refusal } from '@/lib/core/reason'

export interface TakenTrip {
  readonly serial: string
  readonly siteLabels: readonly string[]
  readonly leftMinor: number
  readonly capMinor: number
  readonly currency: string
  readonly untilS: number
  readonly state: 'live' | 'over' | 'closing'
}

export interface TripPrice {
  readonly tariff: TariffFigures
  /** A usual session at it, shown with ≈. */
  readonly estimate: { readonly energyWh: number; readonly totalMinor: number }
}

export interface TripView {
  readonly taken: readonly TakenTrip[]
  /** Null where no price was ever read. */
  readonly price: TripPrice | null
  readonly online: boolean
  readonly canOrder: 'yes' | 'signed-out' | 'no-funds'
  readonly busy: string | null
  readonly refusal: Refusal | null
  readonly nowS: number
}

export interface TripSite {
  readonly siteId: string
  readonly label: string
  readonly chargers: number
  /** From the start of the way or the first chosen site; null where nobody can say. */
  readonly km: number | null
  readonly chosen: boolean
}

export interface TripSitesView {
  readonly mode: 'search' | 'way'
  readonly search: string
  readonly sites: readonly TripSite[]
  /** For the ends of a way. */
  readonly ends: readonly { readonly siteId: string; readonly label: string }[]
  readonly fromId: string
  readonly toId: string
  readonly widthKm: number
  readonly widthsKm: readonly number[]
  readonly chosenCount: number
  readonly sitesMax: number
  /** Null before anything was read. */
  readonly asOfS: number | null
  readonly online: boolean
  readonly nowS: number
}

export interface TripFigure {
  readonly kind: 'own-book' | 'new-charger'
  readonly siteLabels: readonly string[]
  readonly plainMinor: number
  /** Null without a passkey, or where it makes no difference. */
  readonly passkeyMinor: number | null
}

export interface TripConfirmView {
  readonly siteLabels: readonly string[]
  readonly currency: string
  readonly choicesMinor: readonly number[]
  readonly capMinor: number
  readonly untilS: number
  readonly roamingBeforeMinor: number
  readonly roamingAfterMinor: number
  readonly balanceAfterMinor: number
  /** What one session may hold there, by the rules that the chargers go by. */
  readonly figures: readonly TripFigure[]
  readonly price: TripPrice | null
  readonly online: boolean
  readonly packing: boolean
  readonly refusal: Refusal | null
  readonly nowS: number
}

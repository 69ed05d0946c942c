/** What the page of drivers and vehicles is drawn from. Money in minor units of one currency, times in epoch seconds. */

import type { Refusal } from '@/lib/core/reason'
import type { Progress } from '../progress'

export const rosterKinds = ['drivers', 'vehicles'] as const
export type RosterKind = (typeof rosterKinds)[number]

export interface Driver {
  readonly driverId: string
  readonly name: string
  /** Of the fleet's own books: a personnel number. */
  readonly reference: string | null
  readonly email: string | null
  readonly removedAtS: number | null
  /** Those that may still be spent. */
  readonly tokens: number
  readonly spentMonthMinor: number
}

export interface Vehicle {
  readonly vehicleId: string
  readonly plate: string
  readonly name: string | null
  /** Of the operator's policy; 0: the usual one. */
  readonly class: number
  readonly removedAtS: number | null
  readonly tokens: number
  readonly spentMonthMinor: number
}

export interface DriverOrder {
  readonly name: string
  readonly reference?: string | undefined
  readonly email?: string | undefined
}

export interface VehicleOrder {
  readonly plate: string
  readonly name?: string | undefined
  readonly class: number
}

export type RosterRows =
  | { readonly kind: 'drivers'; readonly rows: readonly Driver[] }
  | { readonly kind: 'vehicles'; readonly rows: readonly Vehicle[] }

export const rosterStates = ['active', 'removed'] as const
export type RosterState = (typeof rosterStates)[number]

export interface RosterFilter {
  readonly kind: RosterKind
  readonly state: RosterState
  readonly search: string
}

/** The rows as far as they are read. */
export type RosterList =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly refusal: Refusal }
  | {
      readonly kind: 'there'
      readonly value: RosterRows
      /** Of all pages. */
      readonly total: number
      readonly hasMore: boolean
      readonly asOfS: number
      readonly isStale: boolean
    }

/** Who an act is about, whichever kind it is. */
export interface RosterSubject {
  readonly kind: RosterKind
  readonly id: string
  readonly name: string
}

/** What was just done, with the way back. */
export type RosterNews =
  | { readonly kind: 'removed'; readonly subject: RosterSubject; readonly tokens: number }
  | { readonly kind: 'restored'; readonly subject: RosterSubject }

/** The one question that may stand before the page; null: of somebody who is not there yet. */
export type RosterDialog =
  | { readonly kind: 'none' }
  | { readonly kind: 'driver'; readonly driver: Driver | null; readonly progress: Progress }
  | { readonly kind: 'vehicle'; readonly vehicle: Vehicle | null; readonly progress: Progress }

export interface RosterView {
  readonly list: RosterList
  readonly filter: RosterFilter
  readonly currency: string
  readonly may: { readonly change: boolean; readonly issue: boolean }
  readonly nowS: number
  readonly news: RosterNews | null
  /** What refused an act that asks no question. */
  readonly refusal: Refusal | null
  readonly dialog: RosterDialog
}

export interface RosterActs {
  onFilter(filter: RosterFilter): void
  onMore(): void
  onOpen(dialog: RosterDialog): void
  onCloseDialog(): void
  /** Null: a new one. */
  onSaveDriver(driverId: string | null, order: DriverOrder): void
  onSaveVehicle(vehicleId: string | null, order: VehicleOrder): void
  onRemove(subject: RosterSubject): void
  onRestore(subject: RosterSubject): void
  onImport(kind: RosterKind): void
}

export const tokensAddress = ({ kind, id }: Pick<RosterSubject, 'kind' | 'id'>): string =>
  `/fleet/tokens?${kind === 'drivers' ? 'driver' : 'vehicle'}=${id}`

/** The question for a new token, with the driver or the vehicle in it. */
export const giveTokenAddress = (subject: Pick<RosterSubject, 'kind' | 'id'>): string =>
  `${tokensAddress(subject)}&give=1`

export const sessionsAddress = ({ kind, id }: Pick<RosterSubject, 'kind' | 'id'>): string =>
  `/fleet/sessions?${kind === 'drivers' ? 'driver' : 'vehicle'}=${id}`

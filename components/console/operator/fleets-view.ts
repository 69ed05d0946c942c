/** What the page of fleets draws: shapes of the API's answers (docs/adr/0044), the filter, and the question that stands open. */

import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type { listFleets } from '@/lib/cloud/operations/operator-fleets'
import type { Refusal } from '@/lib/core/reason'
import type { Progress } from '../progress'

type Fleets = AnswerOf<typeof listFleets>
export type Fleet = Fleets['fleets'][number]
export type FleetTotals = Fleets['totals']

/** Empty: all. */
export const fleetStates = ['', 'risk', 'indebted', 'frozen'] as const
export type FleetState = (typeof fleetStates)[number]

export interface FleetFilter {
  readonly search: string
  readonly state: FleetState
}

export type FleetList =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly refusal: Refusal }
  | {
      readonly kind: 'there'
      readonly fleets: readonly Fleet[]
      readonly totals: FleetTotals
      readonly hasMore: boolean
      readonly asOfS: number
      readonly isStale: boolean
    }

/** The one question that may stand before the page. */
export type FleetDialog =
  | { readonly kind: 'none' }
  | { readonly kind: 'line' | 'freeze' | 'thaw'; readonly fleet: Fleet; readonly progress: Progress }

export interface FleetsView {
  readonly list: FleetList
  readonly filter: FleetFilter
  readonly currency: string
  readonly may: { readonly creditLine: boolean; readonly freeze: boolean }
  readonly nowS: number
  readonly dialog: FleetDialog
}

export interface FleetsActs {
  onFilter(filter: FleetFilter): void
  onMore(): void
  onOpen(dialog: FleetDialog): void
  onCloseDialog(): void
  onLine(fleetId: string, limitMinor: number): void
  onFreeze(fleetId: string, because: string): void
  onThaw(fleetId: string): void
}

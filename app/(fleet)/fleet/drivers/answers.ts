/** What the API answers about drivers, vehicles and imports. */

import type { Driver, RosterKind, Vehicle } from '@/components/console/drivers/drivers-view'
import type {
  ImportCounts,
  ImportLine,
  ImportUndone,
  RefusedRow,
} from '@/components/console/drivers/import-view'

interface Page {
  readonly next: string | null
  readonly total: number
}
export interface DriversAnswer extends Page {
  readonly drivers: readonly Driver[]
}
export interface VehiclesAnswer extends Page {
  readonly vehicles: readonly Vehicle[]
}
export interface RemovedAnswer {
  readonly tokens: number
}
export interface PreviewAnswer {
  readonly counts: ImportCounts
  readonly rows: readonly {
    readonly line: number
    readonly action: 'add' | 'change' | 'same'
    readonly name?: string | null
    readonly reference?: string | null
    readonly email?: string | null
    readonly plate?: string | null
    readonly class?: number | null
  }[]
  readonly refused: readonly RefusedRow[]
}
export interface TakenAnswer {
  readonly importId: string
  readonly counts: ImportCounts
}
export interface ImportsAnswer {
  readonly imports: readonly (ImportLine & { readonly kind: RosterKind })[]
}
export type UndoneAnswer = Omit<ImportUndone, 'importId'>

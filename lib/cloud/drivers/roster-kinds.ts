/** What the two lists of a fleet have in common, and by what imports tell one row from another. Pure. */

import { limits } from '@/lib/core/limits'

export const rosterLimits = {
  nameCharsMax: 60,
  referenceCharsMax: 40,
  emailCharsMax: 254,
  plateCharsMax: 20,
  classMost: 15,
  importBytesMax: 1_000_000,
  /** With the escapes of JSON. */
  requestBytesMax: limits.bundleBytesMax,
  importRowsMax: 5_000,
  /** Of one fleet on one list, removed ones included. */
  rowsMax: 50_000,
} as const

export type RosterKind = 'drivers' | 'vehicles'

export interface DriverCells {
  readonly name: string
  readonly reference: string | null
  readonly email: string | null
}
export interface VehicleCells {
  readonly plate: string
  readonly name: string | null
  readonly vehicle_class: number
}
export type Cells = DriverCells | VehicleCells

/** A plate is the same however it is spaced. */
const plateKey = (plate: string): string => plate.toUpperCase().replaceAll(/[\s\-·.]/g, '')

/** Unique on a list; null: a driver without a number of the fleet's own. */
export const matchKeyOf = (cells: Cells): string | null =>
  'plate' in cells ? plateKey(cells.plate) || cells.plate : (cells.reference?.toLowerCase() ?? null)

/** By which a row of a file finds its own: a driver without a number by the name, among those without one. */
export const importKeyOf = (cells: Cells): string =>
  matchKeyOf(cells) === null ? `name ${String(cells.name).toLowerCase()}` : `key ${matchKeyOf(cells) ?? ''}`

export const columnsOf = {
  drivers: ['name', 'reference', 'email'],
  vehicles: ['plate', 'name', 'vehicle_class'],
} as const satisfies Record<RosterKind, readonly string[]>

export const tablesOf = {
  drivers: {
    table: 'fleet_drivers',
    id: 'driver_id',
    title: 'name',
    recordset: 'name text, reference text, email text',
  },
  vehicles: {
    table: 'fleet_vehicles',
    id: 'vehicle_id',
    title: 'plate',
    recordset: 'plate text, name text, vehicle_class smallint',
  },
} as const satisfies Record<RosterKind, object>

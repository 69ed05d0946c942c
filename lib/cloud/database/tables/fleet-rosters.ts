/** Drivers and vehicles of fleets, and the imports that brought them. */

interface RosterRow {
  tenant: string
  fleet_id: string
  /** Of whoever added it by hand; null: an import did. */
  idempotency_key: string | null
  name: string | null
  /** By which imports find it; no two of a fleet's list have the same. */
  match_key: string | null
  /** Raised with every change, so that an undo knows what was changed since. */
  version: number
  created_at_s: number
  removed_at_s: number | null
}

export interface FleetDriverRow extends RosterRow {
  driver_id: string
  name: string
  reference: string | null
  email: string | null
}

export interface FleetVehicleRow extends RosterRow {
  vehicle_id: string
  plate: string
  vehicle_class: number
}

export interface FleetImportRow {
  tenant: string
  import_id: string
  fleet_id: string
  idempotency_key: string
  kind: 'drivers' | 'vehicles'
  at_s: number
  author: string
  added: number
  changed: number
  same: number
  refused: number
  /** The refused rows as they came, with their head; empty: none. */
  refused_csv: string
  undone_at_s: number | null
  /** Since when it can no longer be taken back, what it refused and did being deleted. */
  forgotten_at_s: number | null
}

/** What an import did to one row. */
export interface FleetImportRowRow {
  tenant: string
  import_id: string
  row_id: string
  fleet_id: string
  /** Its version afterwards. */
  version: number
  /** Its cells before, as JSON; null: it was added. */
  before: string | null
}

export interface FleetRostersTables {
  fleet_drivers: FleetDriverRow
  fleet_vehicles: FleetVehicleRow
  fleet_imports: FleetImportRow
  fleet_import_rows: FleetImportRowRow
}

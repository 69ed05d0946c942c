/**
 * Whom a token is for, beyond the name that stands on it: a driver and a vehicle of the fleet's lists. Their names live
 * here and in no token, so that whoever reads a token or a session asks for them by what the token refers to.
 */

import { sql, type RawBuilder } from 'kysely'
import type { OperatorId } from '@/lib/core/ids'
import type { TenantTransaction } from '../database/connection'

export interface Holders {
  readonly driver: { readonly driverId: string; readonly name: string } | null
  readonly vehicle: { readonly vehicleId: string; readonly plate: string } | null
}

/** What `holderNames` selects; null where a token names none of the fleet's. */
export interface HolderNames {
  held_by_id: string | null
  held_by_name: string | null
  held_in_id: string | null
  held_in_plate: string | null
}

interface Fleet {
  readonly tenant: OperatorId
  readonly fleetId: string
}

export const holderNames = sql`held_by.driver_id as held_by_id, held_by.name as held_by_name,
  held_in.vehicle_id as held_in_id, held_in.plate as held_in_plate`

/** Joins the two whom rows of tokens refer to. Who was removed keeps the name in what was before. */
export const joinHolders = ({ tenant, fleetId }: Fleet, token: 't' | 'p'): RawBuilder<unknown> => sql`
  left join fleet_drivers held_by on held_by.tenant = ${tenant} and held_by.fleet_id = ${fleetId}
    and held_by.driver_id = ${sql.ref(`${token}.driver_id`)}
  left join fleet_vehicles held_in on held_in.tenant = ${tenant} and held_in.fleet_id = ${fleetId}
    and held_in.vehicle_id = ${sql.ref(`${token}.vehicle_id`)}`

export const holdersIn = (row: HolderNames): Holders => ({
  driver:
    row.held_by_id === null || row.held_by_name === null
      ? null
      : { driverId: row.held_by_id, name: row.held_by_name },
  vehicle:
    row.held_in_id === null || row.held_in_plate === null
      ? null
      : { vehicleId: row.held_in_id, plate: row.held_in_plate },
})

/** A condition on `fleet_tokens t`: part of the name on it, of its driver's name, or of its vehicle's plate, in any case. */
export const isNamedLike = ({ tenant, fleetId }: Fleet, text: string): RawBuilder<unknown> => sql`(
  position(lower(${text}::text) in lower(t.driver_name)) > 0
  or t.driver_id in (
    select d.driver_id from fleet_drivers d where d.tenant = ${tenant} and d.fleet_id = ${fleetId}
      and position(lower(${text}::text) in lower(d.name)) > 0)
  or t.vehicle_id in (
    select v.vehicle_id from fleet_vehicles v where v.tenant = ${tenant} and v.fleet_id = ${fleetId}
      and position(lower(${text}::text) in lower(v.plate)) > 0))`

export interface NamedHolders {
  readonly driverId?: string | null | undefined
  readonly vehicleId?: string | null | undefined
}

/**
 * Whether a token may be for them: of this fleet, and not removed. Held until the end of the transaction, so that nobody is
 * removed meanwhile. Whom it is for already it may stay for: removing somebody leaves their tokens as they are.
 */
export async function mayHold(
  tx: TenantTransaction,
  { tenant, fleetId }: Fleet,
  order: NamedHolders,
  before: NamedHolders = {},
): Promise<boolean> {
  const { driverId = null, vehicleId = null } = order
  if (driverId !== null && driverId !== before.driverId) {
    const { rows } = await sql`
      select driver_id from fleet_drivers where tenant = ${tenant} and fleet_id = ${fleetId}
        and driver_id = ${driverId} and removed_at_s is null for share`.execute(tx)
    if (rows.length === 0) return false
  }
  if (vehicleId === null || vehicleId === before.vehicleId) return true
  const { rows } = await sql`
    select vehicle_id from fleet_vehicles where tenant = ${tenant} and fleet_id = ${fleetId}
      and vehicle_id = ${vehicleId} and removed_at_s is null for share`.execute(tx)
  return rows.length > 0
}

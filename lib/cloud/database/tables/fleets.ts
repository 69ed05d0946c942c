/** Fleets, their tokens and what people did. */

import type { Generated } from 'kysely'

export interface FleetRow {
  tenant: string
  fleet_id: string
  fleet_number: number
  name: string
  created_at_s: number
}

export interface FleetTokenRow {
  tenant: string
  token_id: string
  fleet_id: string
  idempotency_key: string
  serial: string
  driver_name: string
  claim_hash: string
  cap_minor: number
  session_cap_minor: number
  daily_limit_minor: number
  /** Empty: roaming. */
  sites: Generated<string[]>
  issued_at_s: number
  expires_at_s: number
  claimed_at_s: number | null
  revoked_at_s: number | null
  /** 0: no limit of the calendar month (UTC). */
  month_limit_minor: Generated<number>
  /** Of the UTC day; from = to: all day. */
  from_minute: Generated<number>
  to_minute: Generated<number>
  connector_power_max_w: Generated<number | null>
  vehicle_class: Generated<number>
  driver_id: Generated<string | null>
  vehicle_id: Generated<string | null>
  /** When the rules were changed last; grants from before still carry the old ones. */
  rules_changed_at_s: Generated<number | null>
  /** Idempotency key of the last renewal. */
  renewal_key: Generated<string | null>
}

export interface AuditLineRow {
  tenant: string
  line_id: string
  author: string
  action: string
  subject: string
  /** Whose console shows it; null for what concerns drivers and the operator alone. */
  organisation_id: Generated<string | null>
  at_s: number
}

export interface FleetsTables {
  fleets: FleetRow
  fleet_tokens: FleetTokenRow
  audit_lines: AuditLineRow
}

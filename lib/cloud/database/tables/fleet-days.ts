/** What a fleet's sessions add up to, by day and by month of a grant: counted anew where sessions changed. */

import type { Generated } from 'kysely'

/** When the sums were brought up to date last. */
export interface FleetCountRow {
  tenant: string
  fleet_id: string
  counted_at_s: number
  /** Months before this one are added up; empty before any is. */
  months_until: Generated<string>
}

export interface FleetDayRow {
  tenant: string
  fleet_id: string
  /** Midnight UTC. */
  day_s: number
  sessions: number
  energy_wh: number
  cost_minor: number
  answered: number
  at_first: number
  declined: number
}

export interface FleetGrantMonthRow {
  tenant: string
  fleet_id: string
  /** The first of the month, midnight UTC. */
  month_s: number
  serial: string
  sessions: number
  energy_wh: number
  cost_minor: number
}

/** What moved on a fleet's credit in a month that is over, by kind of transfer. */
export interface FleetStatementMonthRow {
  tenant: string
  fleet_id: string
  month: string
  kind: string
  amount_minor: number
  inside_minor: number
  transfers: number
}

export interface FleetDaysTables {
  fleet_counts: FleetCountRow
  fleet_days: FleetDayRow
  fleet_grant_months: FleetGrantMonthRow
  fleet_statement_months: FleetStatementMonthRow
}

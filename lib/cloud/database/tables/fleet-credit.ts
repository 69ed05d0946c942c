/** What a fleet may draw, when it wants to be warned, and what came by bank. */

import type { Generated } from 'kysely'

export interface FleetCreditRow {
  tenant: string
  fleet_id: string
  /** The credit line; locked by whoever sets credit aside. */
  limit_minor: Generated<number>
  /** Null: no warning. */
  alert_below_minor: Generated<number | null>
  /** When it was warned; null again once the free credit has risen. */
  alerted_at_s: Generated<number | null>
  /** Since when nothing more is set aside of it; null: it is free to. */
  frozen_at_s: Generated<number | null>
  /** What the operator told the fleet. */
  frozen_because: Generated<string | null>
}

export interface BankRow {
  tenant: string
  /** Of the bank's own number of the transaction, or of the whole row. */
  row_key: string
  /** Of what the row says: the same number must not say something else later. */
  content_hash: string
  booked_on: string
  amount_minor: number
  currency: string
  remittance: string
  counterparty: string
  state: 'open' | 'posted' | 'left'
  /** Why nobody's credit was raised by itself. */
  reason: string | null
  fleet_id: string | null
  imported_at_s: number
  decided_at_s: number | null
  author: string
}

export interface FleetCreditTables {
  fleet_credit: FleetCreditRow
  bank_rows: BankRow
}

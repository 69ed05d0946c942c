/** Charging sessions and what is known of each. */

import type { Generated } from 'kysely'

export interface ChargingSessionRow {
  tenant: string
  session_id: string
  serial: string | null
  owner: string | null
  seq: number | null
  previous_hash: string | null
  gross_minor: number | null
  hold_minor: number | null
  currency: string | null
  authorized_at_s: number | null
  charger_id: string | null
  site_label: string | null
  bay_label: string | null
  state: 'orphan' | 'seen' | 'settled'
  hold_state: 'none' | 'open' | 'resolved'
  posted_minor: number | null
  posted_tax_minor: Generated<number>
  disputed_minor: Generated<number>
  dispute_reference: string | null
  decided_from_minor: number | null
  decided_to_minor: number | null
  upheld_minor: Generated<number>
  upheld_tax_minor: Generated<number>
  refunded_minor: Generated<number>
  refunded_tax_minor: Generated<number>
  energy_wh: number | null
  by_phone: Generated<boolean>
  by_charger: Generated<boolean>
  updated_at_s: number
  /** The pieces were deleted after their time; what is known of the session cannot be judged anew. */
  evidence_forgotten_at_s: number | null
  /** Events of chargers' logs that are evidence about it, as `device epoch seq`. */
  logged: Generated<string[]>
  receipt_counter: number | null
  /** Known while nobody has answered: when the charger must have answered, by the charger's clock. */
  offer_expires_at_s: number | null
}

export interface SessionEvidenceRow {
  tenant: string
  session_id: string
  kind: 'consent' | 'offer' | 'answer' | 'receipt' | 'bearer'
  hash: string
  bytes: Buffer
  /** What the session was spent from: the wallet's grant, or the card of a bearer. */
  grant_bytes: Buffer | null
  offer_bytes: Buffer | null
  certificate_bytes: Buffer | null
  source: 'phone' | 'charger'
  received_at_s: number
}

/** A link of a wallet's chain that a charger met, by the receipt of another driver. */
export interface SightingRow {
  tenant: string
  serial: string
  seq: number
  hash: string
  session_id: string
  seen_at_s: number
}

/** Every receipt of this charger up to the counter is settled. */
export interface SettledReceiptsRow {
  tenant: string
  charger_id: string
  counter: number
}

export interface SessionsTables {
  charging_sessions: ChargingSessionRow
  session_evidence: SessionEvidenceRow
  sightings: SightingRow
  settled_receipts: SettledReceiptsRow
}

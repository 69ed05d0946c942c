/** Batches of printed cards that fleets have made. */

export interface FleetCardBatchRow {
  tenant: string
  batch_id: string
  fleet_id: string
  idempotency_key: string
  /** By which its vouchers name it. */
  voucher_batch: string
  name: string
  card_count: number
  currency: string
  cap_minor: number
  sites: string[]
  issued_at_s: number
  not_after_s: number
  author: string
}

export interface FleetCardBatchTables {
  fleet_card_batches: FleetCardBatchRow
}

/** Cards of fleets, and the lists that chargers are given of them. */

export interface FleetCardRow {
  tenant: string
  /** Of its voucher. */
  serial: string
  fleet_id: string
  idempotency_key: string
  /** Whose it is, or what it lies in. */
  label: string
  token_type: string
  token: string
  token_key: string
  session_cap_minor: number | null
  card_group: string | null
  contracts: string[]
  issued_at_s: number
  revoked_at_s: number | null
}

/** The newest of a site. */
export interface LocalListRow {
  tenant: string
  site_id: string
  version: number
  /** Of what it says, by which a new one is told from the same again. */
  digest: string
  cards: number
  issued_at_s: number
  not_after_s: number
  /** Its signed parts, as one CBOR list. */
  parts: Buffer
}

/** What a charger said last that it holds. */
export interface LocalListHolderRow {
  tenant: string
  charger_id: string
  log_epoch: number
  version: number
  cards: number
  heard_at_s: number
}

export interface FleetCardsTables {
  fleet_cards: FleetCardRow
  local_lists: LocalListRow
  local_list_holders: LocalListHolderRow
}

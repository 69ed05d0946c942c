/** What was issued to spend from, and what it reserves. */

import type { Generated } from 'kysely'

export interface GrantRow {
  tenant: string
  serial: string
  owner: string
  account_id: string | null
  device_key: string
  currency: string
  cap_minor: number
  spends_max: number
  not_after_s: number
  issued_at_s: number
  /** The first of a row of grants that followed each other; null for that one itself. */
  root_serial: Generated<string | null>
  bytes: Buffer
}

export interface GrantCloseRow {
  tenant: string
  serial: string
  last_seq: number
  head: string
  bytes: Buffer
  /** Null where the grant was given back for good. */
  next_serial: Generated<string | null>
  closed_at_s: number
}

export interface PermitRow {
  tenant: string
  permit_id: string
  verdict: 'veto' | 'raise'
  session_id: string | null
  serial: string | null
  charger_id: string | null
  maximum_minor: number | null
  author: string
  issued_at_s: number
  not_after_s: number
  bytes: Buffer
}

export interface VoucherRow {
  tenant: string
  serial: string
  batch: string
  number: number
  owner: string
  bearer: 'printed' | 'rfid'
  currency: string
  cap_minor: number
  sites: string[]
  not_after_s: number
  issued_at_s: number
  hash: string
  bytes: Buffer
}

export interface ReserveRow {
  tenant: string
  serial: string
  owner: string
  currency: string
  release_after_s: number
  released_at_s: number | null
  covered_minor: Generated<number>
}

export interface RevokedGrantRow {
  tenant: string
  serial: string
  epoch: number
  not_after_s: number
  reason: string
  revoked_at_s: number
}

/** How far a charger has come in the revocations, as its own log says. */
export interface RevocationHolderRow {
  tenant: string
  charger_id: string
  log_epoch: number
  /** 0: it has not said yet. */
  revocation_epoch: number
  heard_at_s: number
}

export interface IssuanceTables {
  revocation_holders: RevocationHolderRow
  grants: GrantRow
  grant_closes: GrantCloseRow
  permits: PermitRow
  vouchers: VoucherRow
  reserves: ReserveRow
  revoked_grants: RevokedGrantRow
}
